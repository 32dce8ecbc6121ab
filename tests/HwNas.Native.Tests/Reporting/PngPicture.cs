using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using ScottPlot;

namespace HwNas.Native.Tests.Reporting;

/// <summary>Reads PNG with 8 bits a channel, after the PNG specification; independent of what wrote it.</summary>
internal sealed class PngPicture
{
    private readonly byte[] _samples;
    private readonly int _channels;

    public PngPicture(byte[] file)
    {
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10], file[..8]);
        using var compressed = new MemoryStream();
        for (var at = 8; at < file.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            var type = Encoding.ASCII.GetString(file, at + 4, 4);
            var data = file.AsSpan(at + 8, length);
            if (type == "IHDR")
            {
                (Width, Height) = (BinaryPrimitives.ReadInt32BigEndian(data), BinaryPrimitives.ReadInt32BigEndian(data[4..]));
                // Colour type 2 is RGB, 6 is RGB with alpha.
                _channels = data[9] == 2 ? 3 : 4;
                Assert.Equal([8, (byte)(_channels == 3 ? 2 : 6), 0, 0, 0], data[8..].ToArray());
            }

            if (type == "IDAT")
                compressed.Write(data);
            at += 12 + length;
        }

        compressed.Position = 0;
        using var inflated = new ZLibStream(compressed, CompressionMode.Decompress);
        _samples = Unfiltered(inflated);
    }

    public int Width { get; }

    public int Height { get; }

    public Color this[int x, int y]
    {
        get
        {
            ReadOnlySpan<byte> pixel = _samples.AsSpan((y * Width + x) * _channels, _channels);
            return new Color(pixel[0], pixel[1], pixel[2], _channels == 4 ? pixel[3] : (byte)255);
        }
    }

    private byte[] Unfiltered(Stream stream)
    {
        var stride = Width * _channels;
        byte[] all = new byte[stride * Height], above = new byte[stride];
        for (var row = 0; row < Height; row++)
        {
            var filter = stream.ReadByte();
            var line = all.AsSpan(row * stride, stride);
            stream.ReadExactly(line);
            for (var i = 0; i < stride; i++)
            {
                int a = i >= _channels ? line[i - _channels] : 0, b = above[i], c = i >= _channels ? above[i - _channels] : 0;
                line[i] += (byte)(filter switch
                {
                    0 => 0,
                    1 => a,
                    2 => b,
                    3 => (a + b) / 2,
                    4 => Paeth(a, b, c),
                    _ => throw new InvalidDataException($"PNG filter {filter}"),
                });
            }

            line.CopyTo(above);
        }

        return all;
    }

    private static int Paeth(int a, int b, int c)
    {
        int p = a + b - c, pa = Math.Abs(p - a), pb = Math.Abs(p - b), pc = Math.Abs(p - c);
        return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
    }
}
