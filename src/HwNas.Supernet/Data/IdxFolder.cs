using HwNas.Core;
using HwNas.Core.Data;

namespace HwNas.Supernet.Data;

/// <summary>
/// The four IDX files of MNIST-like sets, each plain or .gz, of any sides and number of classes. They hold no names of
/// classes; <c>classes.txt</c> beside them may.
/// </summary>
internal static class IdxFolder
{
    private const string Classes = "classes.txt";

    /// <summary>Whether a folder holds such a set.</summary>
    public static bool IsIn(string folder) =>
        ((string[])["train", "t10k"])
            .SelectMany(split => (string[])[Images(split), Labels(split)])
            .Any(file => File.Exists(Find(folder, file)));

    /// <summary>Reads it.</summary>
    /// <exception cref="InputException">A file is missing or damaged, or they do not fit each other.</exception>
    public static DataSplits Read(string folder, string name)
    {
        var (training, test) = (ReadSplit(folder, "train"), ReadSplit(folder, "t10k"));
        if (training.Shape != test.Shape)
        {
            throw new InputException(
                $"'{folder}' has training images of {training.Shape.Height}x{training.Shape.Width} pixels and test images of "
                + $"{test.Shape.Height}x{test.Shape.Width}. They must be of one size.");
        }

        var isFashion = FashionMnist.Is(training);
        var classes = ClassNames.TryRead(Path.Combine(folder, Classes))
            ?? (isFashion ? FashionMnist.Classes : ClassNames.Numbers(training.Labels.Max() + 1));
        return DataSplits.Of(folder, isFashion ? FashionMnist.Name : name, classes, training, validation: null, test);
    }

    private static LabelledImages ReadSplit(string folder, string split)
    {
        var (imagePath, labelPath) = (Existing(folder, Images(split)), Existing(folder, Labels(split)));
        var (sides, pixels) = IdxFile.ReadBytes(imagePath, rank: 3);
        var labels = IdxFile.ReadLabels(labelPath);
        if (sides[0] != labels.Length)
        {
            throw new InputException(
                $"'{imagePath}' has {sides[0]} images, but '{labelPath}' {labels.Length} labels. "
                + "They must be as many: copy both from one source.");
        }

        return new LabelledImages(split, new ImageShape(1, sides[1], sides[2]), labels, pixels);
    }

    private static string Images(string split) => $"{split}-images-idx3-ubyte";

    private static string Labels(string split) => $"{split}-labels-idx1-ubyte";

    private static string Existing(string folder, string file) =>
        Find(folder, file) is var path && File.Exists(path)
            ? path
            : throw new InputException($"'{path}' does not exist, plain or as .gz. Copy the data set whole.");

    // Where both are there, the packed one.
    private static string Find(string folder, string file) =>
        Path.Combine(folder, file) is var plain && File.Exists(plain + ".gz") ? plain + ".gz" : plain;
}
