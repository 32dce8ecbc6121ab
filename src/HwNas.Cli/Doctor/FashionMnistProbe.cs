using System.Buffers.Binary;
using System.IO.Compression;

namespace HwNas.Cli.Doctor;

/// <summary>Looks whether a folder holds Fashion-MNIST, by the headers of its four IDX files.</summary>
internal static class FashionMnistProbe
{
    public const string DefaultFolder = "/usr/share/datasets/fashion-mnist";

    private const int ImagesMagic = 0x803, LabelsMagic = 0x801;

    private static readonly (string Name, int Magic, int Count)[] Files =
    [
        ("train-images-idx3-ubyte", ImagesMagic, 60_000), ("train-labels-idx1-ubyte", LabelsMagic, 60_000),
        ("t10k-images-idx3-ubyte", ImagesMagic, 10_000), ("t10k-labels-idx1-ubyte", LabelsMagic, 10_000),
    ];

    public static Finding Check(string folder)
    {
        var finding = new Finding(FindingKind.DataSet, "Fashion-MNIST", "quickstart", IsRequired: true);
        string[] problems = [.. Files.Select(file => Problem(folder, file)).OfType<string>()];
        return problems.Length == 0
            ? finding with { IsFound = true, Details = $"60,000 + 10,000 images in {folder}" }
            : finding with { Problem = problems[0], Remedy = $"apt-get install dataset-fashion-mnist, or give --data the folder with {Files[0].Name}.gz and its three companions" };
    }

    private static string? Problem(string folder, (string Name, int Magic, int Count) expected)
    {
        string plain = Path.Combine(folder, expected.Name), packed = plain + ".gz";
        string path = File.Exists(packed) ? packed : plain;
        if (!File.Exists(path)) return $"{packed} is missing";
        try
        {
            using FileStream file = File.OpenRead(path);
            using Stream content = path == packed ? new GZipStream(file, CompressionMode.Decompress) : file;
            Span<byte> header = stackalloc byte[8];
            content.ReadExactly(header);
            (int magic, int count) = (BinaryPrimitives.ReadInt32BigEndian(header), BinaryPrimitives.ReadInt32BigEndian(header[4..]));
            return (magic, count) == (expected.Magic, expected.Count)
                ? null
                : $"{path} begins with {magic:x8} {count}, not {expected.Magic:x8} {expected.Count}: it is another file";
        }
        catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return $"{path} cannot be read: {error.Message}";
        }
    }
}
