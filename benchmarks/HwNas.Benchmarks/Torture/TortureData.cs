using System.Buffers.Binary;
using System.Globalization;
using HwNas.Core.Spaces.MbConv;

namespace HwNas.Benchmarks.Torture;

/// <summary>Small inputs for campaigns: a space, images and a table.</summary>
internal static class TortureData
{
    private static readonly string[] IdxFiles =
        ["train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"];

    /// <summary>A space of two small stages with every kind of gene.</summary>
    public static MbConvSpace Space { get; } = TinySpace();

    /// <summary>Writes <c>tiny.json</c>, <c>bars</c> and <c>table.csv</c>.</summary>
    public static void Write(string folder)
    {
        File.WriteAllText(Path.Combine(folder, "tiny.json"), Space.ToJson());
        File.WriteAllText(Path.Combine(folder, "table.csv"), Table());
        WriteIdx(Directory.CreateDirectory(Path.Combine(folder, "bars")).FullName, images: 40, side: 12);
    }

    /// <summary>Writes the four IDX files of noise in three classes; returns their names.</summary>
    public static IReadOnlyList<string> WriteIdx(string folder, int images, int side)
    {
        var random = new Random(1);
        foreach (var (i, file) in IdxFiles.Index())
        {
            var sides = i % 2 == 0 ? [images, side, side] : new[] { images };
            var values = new byte[sides.Aggregate(1, (product, length) => product * length)];
            random.NextBytes(values);
            if (i % 2 == 1)
                values = [.. Enumerable.Range(0, images).Select(image => (byte)(image % 3))];
            var header = new byte[4 + (4 * sides.Length)];
            (header[2], header[3]) = (8, (byte)sides.Length);
            foreach (var (place, length) in sides.Index())
                BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4 + (4 * place)), length);
            File.WriteAllBytes(Path.Combine(folder, file), [.. header, .. values]);
        }

        return IdxFiles;
    }

    // Six genes of four choices: costs add up, and what they bring saturates.
    private static string Table()
    {
        var rows = Enumerable.Range(0, 4096).Select(number =>
        {
            var genes = Enumerable.Range(0, 6).Select(place => (number >> (2 * place)) & 3).ToArray();
            var size = genes.Select((choice, place) => choice * (1 + (place % 3))).Sum();
            var quality = genes.Select((choice, place) => choice * (1 + (place * 5 % 4))).Sum();
            var accuracy = 100 * (1 - Math.Exp(-quality / 15.0));
            return string.Create(CultureInfo.InvariantCulture, $"{string.Concat(genes)},{accuracy:R},{size}\n");
        });
        return string.Concat(rows.Prepend("arch,acc,cost\n"));
    }

    private static MbConvSpace TinySpace()
    {
        var fashion = MbConvSpace.Load("fashion-mnist").Definition;
        return MbConvSpace.Create(
            fashion with
            {
                Name = "tiny",
                Resolutions = [12, 14],
                Stem = fashion.Stem with { Widths = [4, 8] },
                Stages =
                [
                    fashion.Stages[0] with { Widths = [8, 12], Depths = [1, 2], Kernels = [3, 5], Expansions = [1], Stride = 1 },
                    fashion.Stages[1] with { Widths = [12, 16], Depths = [1], Kernels = [3], Expansions = [2, 3], Stride = 2 },
                ],
                Head = fashion.Head with { Widths = [16, 24] },
            },
            "tiny");
    }
}
