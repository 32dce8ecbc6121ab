using System.Collections.Immutable;
using System.Globalization;
using HwNas.Core;
using HwNas.Core.Data;
using HwNas.Core.Files;

namespace HwNas.Supernet.Data;

/// <summary>
/// The binary files of CIFAR-10 and CIFAR-100 (Krizhevsky 2009): records of a label, in CIFAR-100 of two, and the red,
/// the green and the blue plane of an image. The names of the classes lie beside them.
/// </summary>
internal static class CifarFolder
{
    private static readonly ImageShape Shape = new(3, 32, 32);

    private static readonly Layout[] Layouts =
    [
        new("data_batch_1.bin", "data_batch_*.bin", "test_batch.bin", LabelBytes: 1, Classes: 10, "batches.meta.txt"),
        new("train.bin", "train.bin", "test.bin", LabelBytes: 2, Classes: 100, "fine_label_names.txt"),
    ];

    /// <summary>Whether a folder holds such a set.</summary>
    public static bool IsIn(string folder) => Layouts.Any(layout => layout.IsIn(folder));

    /// <summary>Reads it.</summary>
    /// <exception cref="InputException">A file is missing or damaged.</exception>
    public static DataSplits Read(string folder, string name)
    {
        var layout = Layouts.First(layout => layout.IsIn(folder));
        var names = ClassNames.TryRead(Path.Combine(folder, layout.Names)) ?? ClassNames.Numbers(layout.Classes);
        var batches = Directory.GetFiles(folder, layout.Batches).OrderBy(NumberOf).ThenBy(path => path, StringComparer.Ordinal);
        return DataSplits.Of(
            folder, name, names,
            ReadSplit([.. batches.DefaultIfEmpty(Path.Combine(folder, layout.FirstBatch))], layout), validation: null,
            ReadSplit([Path.Combine(folder, layout.Test)], layout));
    }

    private static LabelledImages ReadSplit(string[] paths, Layout layout)
    {
        var record = layout.LabelBytes + Shape.Bytes;
        var counts = paths.Select(path => Count(path, record)).ToList();
        var (images, most) = (counts.Sum(), Array.MaxLength / Shape.Bytes);
        if (images > most)
            throw new InputException($"'{paths[0]}' and the files beside it hold {images} images; at most {most} are read.");
        var pixels = new byte[images * Shape.Bytes];
        var labels = ImmutableArray.CreateBuilder<int>((int)images);
        var header = new byte[layout.LabelBytes];
        foreach (var (path, count) in paths.Zip(counts))
        {
            using var file = InputFile.Open(path);
            for (var i = 0; i < count; i++)
            {
                file.ReadExactly(header);
                file.ReadExactly(pixels.AsSpan(labels.Count * Shape.Bytes, Shape.Bytes));
                if (header[^1] >= layout.Classes)
                {
                    throw new InputException(
                        $"'{path}' has the label {header[^1]}; the classes are 0 to {layout.Classes - 1}. "
                        + "Copy the data set again.");
                }

                labels.Add(header[^1]);
            }
        }

        return new LabelledImages(Path.GetFileName(paths[0]), Shape, labels.MoveToImmutable(), pixels);
    }

    private static long Count(string path, int record)
    {
        if (!File.Exists(path))
            throw new InputException($"'{path}' does not exist. Copy the data set whole.");
        var bytes = new FileInfo(path).Length;
        return bytes > 0 && bytes % record == 0
            ? bytes / record
            : throw new InputException(
                $"'{path}' has {bytes} bytes, which are no images of {record} bytes each. Copy the data set again.");
    }

    private static int NumberOf(string path)
    {
        var number = Path.GetFileNameWithoutExtension(path).Split('_')[^1];
        return int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed : int.MaxValue;
    }

    private sealed record Layout(string FirstBatch, string Batches, string Test, int LabelBytes, int Classes, string Names)
    {
        public bool IsIn(string folder) =>
            File.Exists(Path.Combine(folder, FirstBatch)) || File.Exists(Path.Combine(folder, Test));
    }
}
