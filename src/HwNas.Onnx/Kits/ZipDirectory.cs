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

    // What a field holds whose true value stands in the 64-bit form, which these checks do not see.
    private const ushort Elsewhere16 = ushort.MaxValue;
    private const uint Elsewhere32 = uint.MaxValue;

    // An entry takes 46 bytes, its name, and perhaps times in an extra field.
    private const int MaxBytesOfEntry = 256;

    /// <exception cref="InputException">The file does not end like a zip file of one disk without comment, is of the
    /// 64-bit form, or has too many entries.</exception>
    public static void Check(Stream stream, string origin, int maxEntries)
    {
        Span<byte> end = stackalloc byte[EndBytes];
        if (stream.Length < EndBytes)
            throw new InputException($"'{origin}' is no zip file, or was cut off. Copy it again.");
        stream.Seek(-EndBytes, SeekOrigin.End);
        stream.ReadExactly(end);
        stream.Position = 0;
        if (BinaryPrimitives.ReadUInt32LittleEndian(end) != EndSignature)
        {
            throw new InputException(
                $"'{origin}' does not end as a zip file does: it was cut off, or is no kit. Copy it again.");
        }

        var disks = BinaryPrimitives.ReadUInt32LittleEndian(end[4..]);
        var entriesHere = BinaryPrimitives.ReadUInt16LittleEndian(end[8..]);
        var entries = BinaryPrimitives.ReadUInt16LittleEndian(end[10..]);
        var bytes = BinaryPrimitives.ReadUInt32LittleEndian(end[12..]);
        var start = BinaryPrimitives.ReadUInt32LittleEndian(end[16..]);
        if (disks != 0 || entriesHere != entries || entries == Elsewhere16 || bytes == Elsewhere32 || start == Elsewhere32)
        {
            throw new InputException(
                $"'{origin}' is a zip file of several disks or of the 64-bit form: it is no kit. "
                + "Make one with 'hwnas profile kit'.");
        }

        var directoryBytes = stream.Length - EndBytes - start;
        if (entries > maxEntries || directoryBytes != bytes || directoryBytes > (long)maxEntries * MaxBytesOfEntry)
        {
            throw new InputException(
                $"'{origin}' has more than {maxEntries} entries, or a directory out of all proportion: it is no kit. "
                + "Make one with 'hwnas profile kit'.");
        }
    }
}
