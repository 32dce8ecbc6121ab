using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using System.Text;
using HwNas.Core;
using HwNas.Core.Files;

namespace HwNas.Supernet.Data;

/// <summary>
/// A file of pixels, an image after the other: a header, a byte for each image that says whether it is there, the images.
/// It is written as a whole or not at all, so that processes may make the same one at once; what is no such file is none.
/// </summary>
internal sealed class PackedPixels
{
    private const int HeaderBytes = 8 + 64 + 8 + 8;

    private static ReadOnlySpan<byte> Magic => "HWNASPX1"u8;

    private readonly Layout _layout;
    private readonly byte[] _there;
    private readonly MemoryMappedViewAccessor _pixels;

    private PackedPixels(Layout layout, byte[] there, MemoryMappedViewAccessor pixels) =>
        (_layout, _there, _pixels) = (layout, there, pixels);

    /// <summary>What must stand in a file.</summary>
    /// <param name="Key">A hash of what the images are of, 64 characters.</param>
    /// <param name="Images">Number of images.</param>
    /// <param name="ImageBytes">Bytes of each.</param>
    internal sealed record Layout(string Key, int Images, int ImageBytes)
    {
        /// <summary>Length of the file.</summary>
        public long FileBytes => Start(Images);

        /// <summary>Where an image begins.</summary>
        public long Start(int image) => HeaderBytes + Images + ((long)image * ImageBytes);

        /// <summary>The file's beginning.</summary>
        public byte[] Header()
        {
            var header = new byte[HeaderBytes];
            Magic.CopyTo(header);
            Encoding.ASCII.GetBytes(Key, header.AsSpan(8));
            BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(72), Images);
            BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(80), ImageBytes);
            return header;
        }
    }

    /// <summary>Opens a file; null where there is none of that content.</summary>
    public static PackedPixels? TryOpen(string path, Layout layout)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            var beginning = new byte[HeaderBytes + layout.Images];
            if (file.Length != layout.FileBytes
                || file.ReadAtLeast(beginning, beginning.Length, throwOnEndOfStream: false) < beginning.Length
                || !beginning.AsSpan(0, HeaderBytes).SequenceEqual(layout.Header()))
            {
                return null;
            }

            using var map = MemoryMappedFile.CreateFromFile(
                file, mapName: null, capacity: 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
            return new PackedPixels(
                layout, beginning[HeaderBytes..], map.CreateViewAccessor(0, layout.FileBytes, MemoryMappedFileAccess.Read));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Writes a file.</summary>
    /// <param name="path">Where.</param>
    /// <param name="layout">What stands in it.</param>
    /// <param name="fill">Writes the images that are there, each by calling with its number and its bytes, from any
    /// thread.</param>
    /// <exception cref="InputException">It cannot be written.</exception>
    public static void Write(string path, Layout layout, Action<Action<int, byte[]>> fill) =>
        AtomicFile.Write(path, stream =>
        {
            var file = ((FileStream)stream).SafeFileHandle;
            var there = new byte[layout.Images];
            RandomAccess.SetLength(file, layout.FileBytes);
            try
            {
                fill((image, pixels) =>
                {
                    ArgumentOutOfRangeException.ThrowIfNotEqual(pixels.Length, layout.ImageBytes);
                    RandomAccess.Write(file, pixels, layout.Start(image));
                    there[image] = 1;
                });
            }
            catch (AggregateException error) when (error.InnerException is IOException full)
            {
                // Of threads beside each other, the first that found the disk full.
                throw new IOException(full.Message, error);
            }

            RandomAccess.Write(file, [.. layout.Header(), .. there], 0);
        });

    /// <summary>Whether an image is there.</summary>
    public bool Has(int image) => _there[image] == 1;

    /// <summary>Reads an image.</summary>
    public void Read(int image, Span<byte> pixels) =>
        _pixels.SafeMemoryMappedViewHandle.ReadSpan((ulong)(_layout.Start(image) + _pixels.PointerOffset), pixels);
}
