using System.Buffers.Binary;
using System.Collections.Immutable;
using System.IO.Compression;
using HwNas.Core;
using HwNas.Core.Files;

namespace HwNas.Supernet.Data;

/// <summary>
/// Reads the IDX format of MNIST-like data sets (big-endian header), plain or, where the name ends with .gz, packed.
/// </summary>
internal static class IdxFile
{
    private const byte UnsignedBytes = 0x08, Integers = 0x0C;

    // No byte of a deflated file becomes more.
    private const int MostBytesOfPackedByte = 1032;

    /// <summary>Reads unsigned bytes of <paramref name="rank"/> dimensions.</summary>
    /// <returns>The sides and the bytes.</returns>
    /// <exception cref="InputException">The file cannot be read, is truncated, too long, or no such IDX file.</exception>
    public static (ImmutableArray<int> Sides, byte[] Values) ReadBytes(string path, int rank)
    {
        var (type, sides, values) = Read(path, rank);
        return type == UnsignedBytes
            ? (sides, values)
            : throw new InputException($"'{path}' holds no unsigned bytes. Images in IDX files are of unsigned bytes.");
    }

    /// <summary>Reads labels, unsigned bytes or integers.</summary>
    /// <exception cref="InputException">The file cannot be read, is truncated, too long, or holds no labels.</exception>
    public static ImmutableArray<int> ReadLabels(string path)
    {
        var (type, sides, values) = Read(path, rank: 1);
        if (type == UnsignedBytes)
            return [.. values.Select(label => (int)label)];
        ImmutableArray<int> labels = [.. Enumerable.Range(0, sides[0])
            .Select(i => BinaryPrimitives.ReadInt32BigEndian(values.AsSpan(4 * i)))];
        return labels.All(label => label is >= 0 and < ClassNames.Most)
            ? labels
            : throw new InputException($"'{path}' has a label that is not in 0..{ClassNames.Most - 1}.");
    }

    private static (byte Type, ImmutableArray<int> Sides, byte[] Values) Read(string path, int rank)
    {
        try
        {
            using var file = InputFile.Open(path);
            var packed = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);
            using Stream stream = packed ? new GZipStream(file, CompressionMode.Decompress) : file;
            var header = new byte[4 + (4 * rank)];
            stream.ReadExactly(header);
            if (header[0] != 0 || header[1] != 0 || header[2] is not (UnsignedBytes or Integers) || header[3] != rank)
            {
                throw new InputException(
                    $"'{path}' is no IDX file of unsigned bytes with {rank} dimensions. Copy the data set again.");
            }

            ImmutableArray<int> sides = [.. Enumerable.Range(1, rank)
                .Select(i => BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4 * i)))];

            // The claim is checked against the file before anything is allocated for it.
            var most = packed ? Math.Min(Array.MaxLength, file.Length * MostBytesOfPackedByte) : Array.MaxLength;
            var count = header[2] == Integers ? 4L : 1L;
            foreach (var side in sides)
            {
                count = side > 0 && side <= most ? count * side : long.MaxValue;
                if (count > most)
                {
                    throw new InputException(
                        $"'{path}' claims to hold {string.Join(" x ", sides)} values, which cannot be in its {file.Length} "
                        + "bytes. Copy the data set again.");
                }
            }

            if (!packed && count != file.Length - header.Length)
            {
                throw new InputException(
                    $"'{path}' is {(count > file.Length - header.Length ? "truncated" : "longer than its header says")}: "
                    + $"{file.Length} bytes instead of {count + header.Length}. Copy the data set again.");
            }

            var values = new byte[count];
            stream.ReadExactly(values);
            return stream.ReadByte() < 0
                ? (header[2], sides, values)
                : throw new InputException($"'{path}' is longer than its header says. Copy the data set again.");
        }
        catch (EndOfStreamException error)
        {
            throw new InputException($"'{path}' is truncated. Copy the data set again.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new InputException($"Cannot read '{path}': {Sentence.Of(error)} Copy the data set again.", error);
        }
    }
}
