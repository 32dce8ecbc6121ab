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
    private const int MostShorterSide = 256;
    private const string Training = "train", Test = "test";

    private static readonly string[] Validations = ["val", "valid", "validation"];

    /// <summary>Whether a folder holds such a set.</summary>
    public static bool IsIn(string folder) =>
        Directory.Exists(Path.Combine(folder, Training))
        || ClassFolders.Classes(folder).Any(name => ClassFolders.Pictures(Path.Combine(folder, name)).Any());

    /// <summary>Reads it; all pictures are decoded once.</summary>
    /// <param name="folder">Where it is.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="size">The wanted size; without one it follows from the pictures.</param>
    /// <param name="reading">How many may be damaged, and where decoded ones are kept.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="InputException">Too many pictures cannot be read, a class has none, or their sizes
    /// or classes do not fit.</exception>
    public static DataSplits Read(
        string folder, string name, ImageSize? size, DataReading reading, CancellationToken cancellation)
    {
        var divided = Directory.Exists(Path.Combine(folder, Training));
        var trainingFolder = divided ? Path.Combine(folder, Training) : folder;
        ImmutableArray<string> classes = [.. ClassFolders.Classes(trainingFolder)];
        var listed = List(trainingFolder, classes, split: 0);
        RequireEveryClass(listed, trainingFolder, classes);
        foreach (var (split, names) in (ReadOnlySpan<(int, string[])>)[(1, Validations), (2, [Test])])
        {
            if (divided && names.Select(name => Path.Combine(folder, name)).FirstOrDefault(Directory.Exists) is { } path)
                listed = [.. listed, .. List(path, classes, split)];
        }

        TellOthers(listed, reading);
        var damaged = new DamagedPictures(listed.Count, reading);
        var readable = Inspect(listed, damaged, cancellation);
        RequireEveryClass(readable, trainingFolder, classes);
        var shape = CommonShape(folder, readable, size);
        var (sound, read) = DecodedPictures.Of(readable, shape, reading, damaged, cancellation);
        damaged.Report();
        RequireEveryClass([.. readable.Where((_, i) => sound[i])], trainingFolder, classes);

        return DataSplits.Of(
            size is null ? folder : $"{folder}@{size}", name, classes, Split(0)!, Split(1), Split(2), isStratified: true);

        // What was decoded of a split; null where there is nothing.
        LabelledImages? Split(int split)
        {
            var places = Enumerable.Range(0, readable.Count).Where(i => readable[i].Split == split && sound[i]).ToArray();
            return places.Length == 0 ? null : new LabelledImages(
                name, shape, [.. places.Select(place => readable[place].Label)],
                (image, pixels) => read(places[image], pixels),
                () => ContentHash.OfText(string.Join(' ', places.Select(place => readable[place].Hash))));
        }
    }

    // The pictures of a split, class after class.
    private static List<Picture> List(string folder, ImmutableArray<string> classes, int split)
    {
        if (ClassFolders.Classes(folder).Except(classes).FirstOrDefault() is { } unknown)
        {
            throw new InputException(
                $"'{VisibleText.OneLine(Path.Combine(folder, unknown))}' is of a class that the training images have not. "
                + $"Remove it, or add training images of '{VisibleText.OneLine(unknown)}'.");
        }

        var found = new List<Picture>();
        foreach (var (label, name) in classes.Index())
        {
            var path = Path.Combine(folder, name);
            if (Directory.Exists(path))
                found.AddRange(ClassFolders.Pictures(path).Select(file => new Picture(file, label, split, default, "")));
        }

        return found.Count > 0 ? found : throw Empty(folder);
    }

    // Pictures of a kind that is not read, or in folders of folders, may be the ones that were meant.
    private static void TellOthers(IEnumerable<Picture> pictures, DataReading reading)
    {
        var others = pictures.Select(picture => Path.GetDirectoryName(picture.Path)!).Distinct()
            .SelectMany(ClassFolders.Others).ToList();
        if (others.Count > 0)
        {
            var more = others.Count == 1 ? "is" : $"and {others.Count - 1} more are";
            reading.Notice(
                $"'{VisibleText.OneLine(others[0])}' {more} left out: only pictures ({ImageFile.Kinds}) that lie directly in the "
                + "folder of a class are read.");
        }
    }

    private static void RequireEveryClass(IReadOnlyList<Picture> pictures, string folder, ImmutableArray<string> classes)
    {
        var held = pictures.Where(picture => picture.Split == 0).Select(picture => picture.Label).ToHashSet();
        if (held.Count < classes.Length)
            throw Empty(Path.Combine(folder, classes.Where((_, label) => !held.Contains(label)).First()));
    }

    private static InputException Empty(string folder) =>
        new($"'{VisibleText.OneLine(folder)}' holds no picture that can be read ({ImageFile.Kinds}). "
            + "Put pictures in, or remove the folder.");

    // What every file is, by its content and its first bytes; without those that cannot be read.
    private static List<Picture> Inspect(List<Picture> pictures, DamagedPictures damaged, CancellationToken cancellation)
    {
        var inspected = new Picture[pictures.Count];
        var readable = damaged.Try(inspected.Length, i =>
        {
            var encoded = ImageFile.ReadBytes(pictures[i].Path);
            inspected[i] =
                pictures[i] with { Shape = ImageFile.ShapeOf(pictures[i].Path, encoded), Hash = ContentHash.OfBytes(encoded) };
        }, cancellation);
        return [.. inspected.Where((_, i) => readable[i])];
    }

    private static ImageShape CommonShape(string folder, List<Picture> pictures, ImageSize? size)
    {
        var first = pictures[0].Shape;
        if (size?.Channels is null && pictures.Find(picture => picture.Shape.Channels != first.Channels) is { } other)
        {
            var (grey, colour) = first.Channels == 1 ? (pictures[0], other) : (other, pictures[0]);
            throw new InputException(
                $"'{folder}' mixes grey and colour pictures: '{VisibleText.OneLine(grey.Path)}' is grey, "
                + $"'{VisibleText.OneLine(colour.Path)}' in colour. "
                + "Convert them, or say what all become, for instance --data "
                + $"'{folder}@{size?.Height ?? first.Height}x{size?.Width ?? first.Width}x3'.");
        }

        var channels = size?.Channels ?? first.Channels;
        if (size is not null)
            return new ImageShape(channels, size.Height, size.Width);

        // A size that all have is kept. Else a square that half of them fill without being enlarged.
        var alike = pictures.TrueForAll(picture => picture.Shape == first);
        var shorter = pictures.Select(picture => Math.Min(picture.Shape.Height, picture.Shape.Width))
            .Order()
            .ElementAt(pictures.Count / 2);
        var scale = Math.Min(1, (double)MostShorterSide / shorter);
        return alike
            ? new ImageShape(channels, (int)Math.Round(scale * first.Height), (int)Math.Round(scale * first.Width))
            : new ImageShape(channels, (int)Math.Round(scale * shorter), (int)Math.Round(scale * shorter));
    }
}

/// <summary>A picture of a folder.</summary>
/// <param name="Path">Its file.</param>
/// <param name="Label">Its class.</param>
/// <param name="Split">0 to train on, 1 to choose by, 2 to report.</param>
/// <param name="Shape">Its own shape.</param>
/// <param name="Hash">Of its file.</param>
internal sealed record Picture(string Path, int Label, int Split, ImageShape Shape, string Hash)
{
    /// <summary>Its pixels, [channels, height, width] of a shape.</summary>
    /// <exception cref="InputException">It is damaged.</exception>
    public byte[] Decode(ImageShape shape) => ImageFile.Decode(Path, ImageFile.ReadBytes(Path), shape);
}
