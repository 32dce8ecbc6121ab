using System.Buffers.Binary;
using System.IO.Compression;
using SkiaSharp;

namespace HwNas.Native.Tests.Support;

/// <summary>Small data sets, written as users have them.</summary>
internal static class SomeData
{
    public static readonly string[] IdxFiles =
        ["train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"];

    /// <summary>The four IDX files: noise, in which the rows of the label's share of the height are bright.</summary>
    public static void WriteIdx(
        string folder, int training = 60, int test = 12, int height = 20, int width = 12, int classes = 3, bool packed = false,
        int seed = 1)
    {
        Directory.CreateDirectory(folder);
        var random = new Random(seed);
        foreach (var (split, count) in new[] { (0, training), (2, test) })
        {
            var labels = Enumerable.Range(0, count).Select(i => (byte)(i % classes)).ToArray();
            var pixels = new byte[count * height * width];
            random.NextBytes(pixels);
            for (var i = 0; i < pixels.Length; i++)
            {
                var (image, row) = (i / (height * width), i / width % height);
                pixels[i] = (byte)((pixels[i] / 4) + (row * classes / height == labels[image] ? 180 : 0));
            }

            Write(folder, IdxFiles[split], packed, Idx(0x08, [count, height, width], pixels));
            Write(folder, IdxFiles[split + 1], packed, Idx(0x08, [count], labels));
        }
    }

    /// <summary>An IDX file's content.</summary>
    public static byte[] Idx(byte type, int[] sides, byte[] values)
    {
        var header = new byte[4 + (4 * sides.Length)];
        (header[2], header[3]) = (type, (byte)sides.Length);
        foreach (var (i, side) in sides.Index())
            BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4 + (4 * i)), side);
        return [.. header, .. values];
    }

    /// <summary>Writes a file, or packs it as .gz.</summary>
    public static void Write(string folder, string name, bool packed, byte[] content)
    {
        using var file = File.Create(Path.Combine(folder, packed ? name + ".gz" : name));
        using Stream stream = packed ? new GZipStream(file, CompressionLevel.Fastest) : file;
        stream.Write(content);
    }

    /// <summary>A picture of one colour, grey where its three parts are equal and <paramref name="grey"/> says so.</summary>
    public static void WritePicture(
        string path, int height, int width, SKColor colour, bool grey = false,
        SKEncodedImageFormat format = SKEncodedImageFormat.Png)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var bitmap = new SKBitmap(
            new SKImageInfo(width, height, grey ? SKColorType.Gray8 : SKColorType.Rgba8888, SKAlphaType.Opaque));
        bitmap.Erase(colour);
        using var data = bitmap.Encode(format, 95);
        File.WriteAllBytes(path, data.ToArray());
    }

    /// <summary>Pictures in a folder for each class, of sides that differ; their colours tell the classes.</summary>
    public static void WritePictures(string folder, int perClass, params string[] classes)
    {
        foreach (var (label, name) in classes.Index())
        {
            for (var i = 0; i < perClass; i++)
            {
                var part = (byte)(40 + (10 * (i % 12)));
                WritePicture(
                    Path.Combine(folder, name, $"{i:D3}.png"), 24 + (i % 3), 32 - (i % 4),
                    label % 2 == 0 ? new SKColor(220, part, part) : new SKColor(part, part, 220));
            }
        }
    }

    /// <summary>CIFAR-10's binary files, shortened: noise, and a bright block whose place tells the class.</summary>
    public static void WriteCifar10(string folder, int imagesPerBatch, int test)
    {
        Directory.CreateDirectory(folder);
        var random = new Random(1);
        foreach (var batch in Enumerable.Range(1, 5))
            File.WriteAllBytes(Path.Combine(folder, $"data_batch_{batch}.bin"), CifarRecords(imagesPerBatch, random));
        File.WriteAllBytes(Path.Combine(folder, "test_batch.bin"), CifarRecords(test, random));
        File.WriteAllText(
            Path.Combine(folder, "batches.meta.txt"),
            "airplane\nautomobile\nbird\ncat\ndeer\ndog\nfrog\nhorse\nship\ntruck\n\n");
    }

    // A record is the label, then the red, the green and the blue plane of 32x32 pixels.
    private static byte[] CifarRecords(int images, Random random)
    {
        const int Side = 32, Record = 1 + (3 * Side * Side), Classes = 10;
        var records = new byte[images * Record];
        random.NextBytes(records);
        for (var image = 0; image < images; image++)
        {
            var record = records.AsSpan(image * Record, Record);
            var label = image % Classes;
            record[0] = (byte)label;
            for (var i = 1; i < Record; i++)
            {
                var row = (i - 1) / Side % Side;
                record[i] = (byte)((record[i] / 4) + (row * Classes / Side == label ? 180 : 0));
            }
        }

        return records;
    }
}
