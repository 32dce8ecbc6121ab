using System.Collections.Immutable;
using HwNas.Core;
using HwNas.Core.Data;
using HwNas.Core.Files;

namespace HwNas.Supernet.Data;

/// <summary>
/// Pictures in a folder for each class, whose name is the class's: in <c>train/</c>, <c>test/</c> and <c>val/</c>, or
/// without such a division. All are brought to one size, keeping their proportions: scaled and cut to the centre.
/// </summary>
internal static class ImageFolder
{
    private const int MostShorterSide = 256, MostNamedProblems = 5;
    private const string Training = "train", Test = "test";

    private static readonly string[] Validations = ["val", "valid", "validation"];

    /// <summary>Whether a folder holds such a set.</summary>
    public static bool IsIn(string folder) =>
        Directory.Exists(Path.Combine(folder, Training))
        || Classes(folder).Any(name => Pictures(Path.Combine(folder, name)).Any());

    /// <summary>Reads it; decoded pictures stay in memory if all of them are small enough for that.</summary>
    /// <param name="folder">Where it is.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="size">The wanted size; without one it follows from the pictures.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <param name="mostKeptBytes">So much may be kept in memory; by default 2 GiB, and at most a quarter of
    /// what this process may use.</param>
    /// <exception cref="InputException">A picture cannot be read, a class has none, or their sizes
    /// or classes do not fit.</exception>
    public static DataSplits Read(
        string folder, string name, ImageSize? size, CancellationToken cancellation, long? mostKeptBytes = null)
    {
        var divided = Directory.Exists(Path.Combine(folder, Training));
        var trainingFolder = divided ? Path.Combine(folder, Training) : folder;
        ImmutableArray<string> classes = [.. Classes(trainingFolder)];
        var training = List(trainingFolder, classes, everyClass: true);
        List<Picture> Other(params string[] splits) =>
            divided && splits.Select(split => Path.Combine(folder, split)).FirstOrDefault(Directory.Exists) is { } path
                ? List(path, classes, everyClass: false)
                : [];
        List<Picture> validation = Other(Validations), test = Other(Test);
        var all = Inspect([.. training, .. validation, .. test], cancellation);
        var shape = CommonShape(folder, all, size);
        mostKeptBytes ??= Math.Min(2L << 30, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4);
        var kept = (long)all.Length * shape.Bytes <= mostKeptBytes ? new byte[all.Length][] : [];
        InParallel(kept.Length, i => kept[i] = Decode(all[i], shape), cancellation);

        LabelledImages Images(int first, int count) => new(
            name, shape, [.. all.AsSpan(first, count).ToArray().Select(picture => picture.Label)],
            (image, pixels) => (kept.Length > 0 ? kept[first + image] : Decode(all[first + image], shape)).CopyTo(pixels),
            () => ContentHash.OfText(string.Join(' ', all.Skip(first).Take(count).Select(picture => picture.Hash))));

        return DataSplits.Of(
            size is null ? folder : $"{folder}@{size}", name, classes, Images(0, training.Count),
            validation.Count == 0 ? null : Images(training.Count, validation.Count),
            test.Count == 0 ? null : Images(training.Count + validation.Count, test.Count));
    }

    private static IEnumerable<string> Classes(string folder) =>
        Directory.EnumerateDirectories(folder).Select(path => Path.GetFileName(path))
            .Where(name => name[0] != '.').Order(StringComparer.Ordinal);

    private static IEnumerable<string> Pictures(string folder) =>
        Directory.EnumerateFiles(folder).Where(ImageFile.IsOne).Order(StringComparer.Ordinal);

    // The pictures of a split, class after class.
    private static List<Picture> List(string folder, ImmutableArray<string> classes, bool everyClass)
    {
        if (Classes(folder).Except(classes).FirstOrDefault() is { } unknown)
        {
            throw new InputException(
                $"'{Path.Combine(folder, unknown)}' is of a class that the training images have not. "
                + $"Remove it, or add training images of '{unknown}'.");
        }

        var found = new List<Picture>();
        foreach (var (label, name) in classes.Index())
        {
            var path = Path.Combine(folder, name);
            if (Directory.Exists(path))
                found.AddRange(Pictures(path).Select(file => new Picture(file, label, default, "")));
        }

        var held = found.Select(picture => picture.Label).ToHashSet();
        if (found.Count > 0 && (held.Count == classes.Length || !everyClass))
            return found;
        var empty = classes.Where((_, label) => !held.Contains(label)).FirstOrDefault("");
        throw new InputException(
            $"'{Path.Combine(folder, empty)}' holds no picture ({ImageFile.Kinds}). Put pictures in, or remove the folder.");
    }

    // What every file is, by its content and its first bytes.
    private static ImmutableArray<Picture> Inspect(List<Picture> pictures, CancellationToken cancellation)
    {
        var inspected = new Picture[pictures.Count];
        InParallel(inspected.Length, i =>
        {
            var encoded = ImageFile.ReadBytes(pictures[i].Path);
            inspected[i] =
                pictures[i] with { Shape = ImageFile.ShapeOf(pictures[i].Path, encoded), Hash = ContentHash.OfBytes(encoded) };
        }, cancellation);
        return [.. inspected];
    }

    private static byte[] Decode(Picture picture, ImageShape shape) =>
        ImageFile.Decode(picture.Path, ImageFile.ReadBytes(picture.Path), shape);

    private static ImageShape CommonShape(string folder, ImmutableArray<Picture> pictures, ImageSize? size)
    {
        var first = pictures[0].Shape;
        if (size?.Channels is null && pictures.FirstOrDefault(picture => picture.Shape.Channels != first.Channels) is { } other)
        {
            var (grey, colour) = first.Channels == 1 ? (pictures[0], other) : (other, pictures[0]);
            throw new InputException(
                $"'{folder}' mixes grey and colour pictures: '{grey.Path}' is grey, '{colour.Path}' in colour. "
                + "Convert them, or say what all become, for instance --data "
                + $"'{folder}@{size?.Height ?? first.Height}x{size?.Width ?? first.Width}x3'.");
        }

        var channels = size?.Channels ?? first.Channels;
        if (size is not null)
            return new ImageShape(channels, size.Height, size.Width);

        // A size that all have is kept. Else a square that half of them fill without being enlarged.
        var alike = pictures.All(picture => picture.Shape == first);
        var shorter = pictures.Select(picture => Math.Min(picture.Shape.Height, picture.Shape.Width))
            .Order()
            .ElementAt(pictures.Length / 2);
        var scale = Math.Min(1, (double)MostShorterSide / shorter);
        return alike
            ? new ImageShape(channels, (int)Math.Round(scale * first.Height), (int)Math.Round(scale * first.Width))
            : new ImageShape(channels, (int)Math.Round(scale * shorter), (int)Math.Round(scale * shorter));
    }

    // Runs beside each other; of what is wrong, the first are named in their order.
    private static void InParallel(int count, Action<int> act, CancellationToken cancellation)
    {
        var problems = new InputException?[count];
        Parallel.For(0, count, new ParallelOptions { CancellationToken = cancellation }, i =>
        {
            try
            {
                act(i);
            }
            catch (InputException error)
            {
                problems[i] = error;
            }
        });
        if (problems.OfType<InputException>().ToList() is [_, ..] found)
        {
            var more = found.Count > MostNamedProblems ? $"\n  and {found.Count - MostNamedProblems} more" : "";
            throw new InputException(
                string.Join("\n  ", found.Take(MostNamedProblems).Select(problem => problem.Message)) + more);
        }
    }

    private sealed record Picture(string Path, int Label, ImageShape Shape, string Hash);
}
