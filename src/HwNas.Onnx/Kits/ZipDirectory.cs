using System.Buffers.Binary;
using HwNas.Core;

namespace HwNas.Onnx.Kits;

/// <summary>
/// Looks at the end of a zip file before anything reads its directory into memory: a directory of millions of entries is
/// refused while it is still a number (PKWARE's APPNOTE, 4.3.16).
/// </summary>
internal static class ZipDirectory
{
    private const int EndBytes = 22;
    private const uint EndSignature = 0x06054b50;

    // An entry takes 46 bytes, its name, and perhaps times in an extra field.
    private const int MaxBytesOfEntry = 256;

    /// <exception cref="InputException">The file does not end like a zip file without comment, or
    /// has too many entries.</exception>
    public static void Check(FileStream stream, int maxEntries)
    {
        Span<byte> end = stackalloc byte[EndBytes];
        if (stream.Length < EndBytes)
            throw new InputException($"'{stream.Name}' is no zip file, or was cut off. Copy it again.");
        stream.Seek(-EndBytes, SeekOrigin.End);
        stream.ReadExactly(end);
        stream.Position = 0;
        if (BinaryPrimitives.ReadUInt32LittleEndian(end) != EndSignature)
        {
            throw new InputException(
                $"'{stream.Name}' does not end as a zip file does: it was cut off, or is no kit. Copy it again.");
        }

        var entries = BinaryPrimitives.ReadUInt16LittleEndian(end[10..]);
        var directoryBytes = stream.Length - EndBytes - BinaryPrimitives.ReadUInt32LittleEndian(end[16..]);
        if (entries > maxEntries || directoryBytes < 0 || directoryBytes > (long)maxEntries * MaxBytesOfEntry)
        {
            throw new InputException(
                $"'{stream.Name}' has more than {maxEntries} entries, or a directory out of all proportion: it is no kit. "
                + "Make one with 'hwnas profile kit'.");
        }
    }
}
