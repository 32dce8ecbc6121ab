using HwNas.Core;
using HwNas.Core.Data;

namespace HwNas.Supernet.Data;

/// <summary>
/// Fashion-MNIST (Xiao et al. 2017, arXiv 1708.07747): 60,000 training images, of which 5,000 are held out to choose
/// subnets, and 10,000 test images, which only report.
/// </summary>
public sealed class FashionMnist
{
    /// <summary>Where Debian's package dataset-fashion-mnist puts the files.</summary>
    public const string DebianFolder = "/usr/share/datasets/fashion-mnist";

    private const int ValidationImages = 5000;

    // Fixed, so that validation images are never trained on, whatever the seed of a run.
    private const int SplitSeed = 20_170_825;

    // Of all training pixels / 255.
    private static readonly Normalisation PixelNormalisation = new(0.2860, 0.3530);

    private static readonly string[] ClassNames =
        ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"];

    private FashionMnist(LabelledImages training, LabelledImages validation, LabelledImages test)
    {
        Training = training;
        Validation = validation;
        Test = test;
    }

    /// <summary>55,000 images to train on.</summary>
    public LabelledImages Training { get; }

    /// <summary>5,000 images to choose by.</summary>
    public LabelledImages Validation { get; }

    /// <summary>10,000 images to report on.</summary>
    public LabelledImages Test { get; }

    /// <summary>Reads the data set from the folder that holds its four gzip files.</summary>
    /// <exception cref="MissingDependencyException">The folder or a file is missing.</exception>
    /// <exception cref="InputException">A file is damaged.</exception>
    public static FashionMnist Load(string folder = DebianFolder)
    {
        var all = Read(folder, "train", "Fashion-MNIST training");
        var order = Enumerable.Range(0, all.Count).ToArray();
        new Random(SplitSeed).Shuffle(order);
        return new FashionMnist(
            all.Select("Fashion-MNIST training", order.AsSpan(ValidationImages)),
            all.Select("Fashion-MNIST validation", order.AsSpan(0, ValidationImages)),
            Read(folder, "t10k", "Fashion-MNIST test"));
    }

    private static LabelledImages Read(string folder, string prefix, string name)
    {
        var imagePath = Path.Combine(folder, $"{prefix}-images-idx3-ubyte.gz");
        var labelPath = Path.Combine(folder, $"{prefix}-labels-idx1-ubyte.gz");
        if (new[] { imagePath, labelPath }.FirstOrDefault(path => !File.Exists(path)) is { } missing)
            throw new MissingDependencyException($"'{missing}' does not exist. Install Debian's package dataset-fashion-mnist, or name the folder of the four files with --data.");

        var (imageShape, pixels) = IdxFile.Read(imagePath, rank: 3);
        var (labelShape, labels) = IdxFile.Read(labelPath, rank: 1);
        if (imageShape[1] != imageShape[2] || imageShape[0] != labelShape[0] || imageShape[0] <= ValidationImages)
            throw new InputException($"'{imagePath}' has {imageShape[0]} images of {imageShape[1]}x{imageShape[2]} pixels and '{labelPath}' {labelShape[0]} labels; as many labels as square images, and more than {ValidationImages}, are needed.");
        if (labels.AsSpan().ContainsAnyExceptInRange((byte)0, (byte)(ClassNames.Length - 1)))
            throw new InputException($"'{labelPath}' has a label above {ClassNames.Length - 1}.");
        return new LabelledImages(name, 1, imageShape[1], pixels, labels, ClassNames, PixelNormalisation);
    }
}
