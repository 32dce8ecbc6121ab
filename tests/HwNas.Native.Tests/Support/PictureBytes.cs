using System.Buffers.Binary;
using System.IO.Compression;

namespace HwNas.Native.Tests.Support;

/// <summary>Picture files that SkiaSharp does not write, made by the rules of their formats.</summary>
internal static class PictureBytes
{
    /// <summary>A PNG of one of the colour types 0 (grey), 2 (colour), 4 (grey and alpha), 6 (colour and alpha).</summary>
    /// <param name="width">Columns.</param>
    /// <param name="bits">8 or 16.</param>
    /// <param name="colourType">The colour type.</param>
    /// <param name="samples">All samples, row after row, interleaved.</param>
    public static byte[] Png(int width, int bits, int colourType, params int[] samples)
    {
        var perRow = width * (colourType switch { 0 => 1, 2 => 3, 4 => 2, _ => 4 });
        var height = samples.Length / perRow;
        using var packed = new MemoryStream();
        using (var deflate = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (var i = 0; i < samples.Length; i++)
            {
                // No filter in any row.
                if (i % perRow == 0)
                    deflate.WriteByte(0);
                if (bits == 16)
                    deflate.WriteByte((byte)(samples[i] >> 8));
                deflate.WriteByte((byte)samples[i]);
            }
        }

        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = ((byte)bits, (byte)colourType);
        return
        [
            0x89, .. "PNG\r\n\u001a\n"u8,
            .. Chunk("IHDR"u8, header), .. Chunk("IDAT"u8, packed.ToArray()), .. Chunk("IEND"u8, []),
        ];
    }

    /// <summary>A JPEG of 8 × 8 pixels of one colour, of as many components as there are values (1, 3 or 4).</summary>
    /// <param name="adobeTransform">What Adobe's segment says: 0 for CMYK, 1 for YCbCr; null leaves it out.</param>
    /// <param name="values">The value of each component.</param>
    public static byte[] FlatJpeg(byte? adobeTransform, params byte[] values)
    {
        // Quantisation by 1; the differences of the first coefficients have categories 0 to 11, of four bits each; of the
        // others there is but the end of the block, of one bit.
        byte[] frame = [8, 0, 8, 0, 8, (byte)values.Length], scan = [(byte)values.Length];
        var bits = new List<bool>();
        for (var i = 0; i < values.Length; i++)
        {
            frame = [.. frame, (byte)(i + 1), 0x11, 0];
            scan = [.. scan, (byte)(i + 1), 0];
            var difference = 8 * (values[i] - 128);
            var category = 0;
            while (Math.Abs(difference) >> category != 0)
                category++;
            Add(category, 4);
            Add(difference < 0 ? difference + (1 << category) - 1 : difference, category);
            Add(0, 1);
        }

        while (bits.Count % 8 != 0)
            bits.Add(true);
        var coded = bits.Chunk(8).Select(chunk => (byte)chunk.Aggregate(0, (value, bit) => (2 * value) + (bit ? 1 : 0)));
        byte[] direct = [0, 0, 0, 0, 12, .. new byte[12], .. Enumerable.Range(0, 12).Select(i => (byte)i)];
        return
        [
            0xFF, 0xD8,
            .. adobeTransform is { } transform ? Segment(0xEE, [.. "Adobe"u8, 0, 100, 0, 0, 0, 0, transform]) : [],
            .. Segment(0xDB, [0, .. Enumerable.Repeat((byte)1, 64)]),
            .. Segment(0xC0, frame),
            .. Segment(0xC4, direct),
            .. Segment(0xC4, [0x10, 1, .. new byte[15], 0]),
            .. Segment(0xDA, [.. scan, 0, 63, 0]),
            .. coded.SelectMany(value => value == 0xFF ? (byte[])[0xFF, 0] : [value]),
            0xFF, 0xD9,
        ];

        void Add(int value, int count)
        {
            for (var bit = count - 1; bit >= 0; bit--)
                bits.Add(((value >> bit) & 1) == 1);
        }
    }

    /// <summary>A JPEG with a note on how the camera was held.</summary>
    public static byte[] WithOrientation(byte[] jpeg, int orientation)
    {
        byte[] tiff =
        [
            .. "II*\0"u8, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, (byte)orientation, 0, 0, 0, 0, 0, 0, 0,
        ];
        return [.. jpeg[..2], .. Segment(0xE1, [.. "Exif\0\0"u8, .. tiff]), .. jpeg[2..]];
    }

    /// <summary>A GIF of one pixel.</summary>
    public static byte[] Gif(byte red, byte green, byte blue) =>
    [
        .. "GIF89a"u8, 1, 0, 1, 0, 0x80, 0, 0, red, green, blue, 0, 0, 0, 0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0, 0x3B,
    ];

    /// <summary>A BMP of one pixel.</summary>
    public static byte[] Bmp(byte red, byte green, byte blue) =>
    [
        .. "BM"u8, 58, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 24, 0, .. new byte[24],
        blue, green, red, 0,
    ];

    private static byte[] Segment(byte marker, byte[] content)
    {
        var length = content.Length + 2;
        return [0xFF, marker, (byte)(length >> 8), (byte)length, .. content];
    }

    private static byte[] Chunk(ReadOnlySpan<byte> type, byte[] content)
    {
        byte[] named = [.. type, .. content], length = new byte[4], checksum = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, content.Length);
        BinaryPrimitives.WriteUInt32BigEndian(checksum, Crc32(named));
        return [.. length, .. named, .. checksum];
    }

    /// <summary>The checksum of a PNG's chunks.</summary>
    public static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
        }

        return ~crc;
    }
}
