using System.Collections.Immutable;
using HwNas.Core.Data;

namespace HwNas.Supernet.Data;

/// <summary>
/// Fashion-MNIST (Xiao et al. 2017, arXiv 1708.07747), the data of whoever names none. Its files hold no names of
/// classes, so the set is known by its content, wherever it lies.
/// </summary>
internal static class FashionMnist
{
    /// <summary>Where Debian's package puts the files.</summary>
    public const string Folder = "/usr/share/datasets/fashion-mnist";

    /// <summary>What to do where it is missing.</summary>
    public const string Remedy = "apt-get install dataset-fashion-mnist";

    /// <summary>Its name.</summary>
    public const string Name = "Fashion-MNIST";

    // Of pixels and labels of all 60,000, as LabelledImages.Hash has it.
    private const string TrainingHash = "49a169759ad31265bddd35aaa81716f51ebcaa0200fbd04f5939dc90b83c77c2";

    /// <summary>The classes' names.</summary>
    public static readonly ImmutableArray<string> Classes =
        ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"];

    /// <summary>Whether images are its 60,000 training images.</summary>
    public static bool Is(LabelledImages training) =>
        training.Count == 60_000 && training.Shape == new ImageShape(1, 28, 28) && training.Hash == TrainingHash;
}
