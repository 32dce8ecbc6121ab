using System.Collections.Immutable;
using HwNas.Core;
using HwNas.Core.Data;
using HwNas.Core.Files;

namespace HwNas.Supernet.Data;

/// <summary>Images to train on, images to choose by, images that only report; with the names of their classes.</summary>
public sealed class DataSplits
{
    private const int MostValidationImages = 5000, MostTestImages = 10_000;

    // Below that ratio of the largest class to the smallest, training hardly notices.
    private const int WorthTelling = 3;

    // Of a data set that brings no split of its own, a fifth is held out.
    private const int HeldOutShare = 5;

    // Fixed, so that images held out are never trained on, whatever the seed of a run.
    private const int ValidationSeed = 20_170_825, TestSeed = 20_170_826;

    private DataSplits(
        string spec, string name, ImmutableArray<string> classes, LabelledImages training, LabelledImages validation,
        LabelledImages test)
    {
        (Spec, Name, Classes) = (spec, name, classes);
        (Training, Validation, Test) = (training, validation, test);
    }

    /// <summary>By what <see cref="DataSets"/> finds them again.</summary>
    public string Spec { get; }

    /// <summary>What messages call the data set.</summary>
    public string Name { get; }

    /// <summary>The classes' names, in the order of labels.</summary>
    public ImmutableArray<string> Classes { get; }

    /// <summary>Images to train on.</summary>
    public LabelledImages Training { get; }

    /// <summary>Images to choose by.</summary>
    public LabelledImages Validation { get; }

    /// <summary>Images that only report.</summary>
    public LabelledImages Test { get; }

    /// <summary>Hash of all pixels and labels and of how they are split, whatever files and classes are called.</summary>
    public string Hash => ContentHash.OfText($"{Training.Hash} {Validation.Hash} {Test.Hash}");

    /// <summary>The same images, becoming a network's input in another way.</summary>
    public DataSplits With(Normalisation normalisation) =>
        new(Spec, Name, Classes, Training.With(normalisation), Validation.With(normalisation), Test.With(normalisation));

    /// <summary>How many training images the largest and the smallest class have; null where they are about as large.</summary>
    public string? Imbalance()
    {
        var counts = Classes.Select((name, label) => (Name: name, Count: Training.Labels.Count(of => of == label))).ToList();
        var (most, least) = (counts.MaxBy(of => of.Count), counts.MinBy(of => of.Count));
        return most.Count <= WorthTelling * least.Count
            ? null
            : $"The classes of {Name} differ in size: '{VisibleText.OneLine(most.Name)}' has "
            + $"{Plural.Of(most.Count, "training image")}, '{VisibleText.OneLine(least.Name)}' {least.Count}.";
    }

    /// <summary>
    /// Completes what a data set brings: a test split and a validation split are held out of the training images where
    /// it has none, and all are normalised by the rest of the training images.
    /// </summary>
    /// <exception cref="InputException">There are too few images or classes, or a label without a class.</exception>
    internal static DataSplits Of(
        string spec, string name, ImmutableArray<string> classes, LabelledImages training, LabelledImages? validation,
        LabelledImages? test, bool isStratified = false)
    {
        if (classes.Length < 2)
        {
            throw new InputException(
                $"The data set '{spec}' has {(classes.Length == 0 ? "no class" : "1 class")}; at least 2 are needed. "
                + "Add images of another one.");
        }

        // Each split that is held out takes at least one image of five.
        var heldOut = new[] { validation, test }.Count(split => split is null);
        var fewest = HeldOutShare - 1 + heldOut;
        if (heldOut > 0 && training.Count < fewest)
        {
            throw new InputException(
                $"The data set '{spec}' has {Plural.Of(training.Count, "image")} to train on; at least {fewest} are needed, "
                + $"of which {heldOut} {(heldOut == 1 ? "is" : "are")} held out. Add images.");
        }

        training = training.Named($"{name} training");
        if (test is null)
            (training, test) = HoldOut(training, MostTestImages, TestSeed, isStratified);
        if (validation is null)
            (training, validation) = HoldOut(training, MostValidationImages, ValidationSeed, isStratified);
        (validation, test) = (validation.Named($"{name} validation"), test.Named($"{name} test"));
        foreach (var split in (LabelledImages[])[training, validation, test])
        {
            if (split.Labels.Max() is var label && label >= classes.Length)
            {
                throw new InputException(
                    $"{split.Name} of '{spec}' has an image of the class {label}, but the classes are 0 to {classes.Length - 1}. "
                    + "Mend the labels, or the list of classes.");
            }
        }

        return new DataSplits(spec, name, classes, training, validation, test).With(Normalisation.Of(training));
    }

    private static (LabelledImages Kept, LabelledImages HeldOut) HoldOut(
        LabelledImages all, int most, int seed, bool isStratified)
    {
        var count = Math.Min(most, all.Count / HeldOutShare);
        var order = Enumerable.Range(0, all.Count).ToArray();
        new Random(seed).Shuffle(order);
        if (isStratified)
            order = Stratified(order, all.Labels);
        return (all.Select(all.Name, [.. order.AsSpan(count)]), all.Select(all.Name, [.. order.AsSpan(0, count)]));
    }

    // The same order within each class, and classes taking turns in proportion: any beginning has of each its share.
    private static int[] Stratified(int[] order, ImmutableArray<int> labels)
    {
        var sizes = labels.CountBy(label => label).ToDictionary();
        var seen = new Dictionary<int, int>();
        return [.. order.OrderBy(image =>
        {
            var before = seen.GetValueOrDefault(labels[image]);
            seen[labels[image]] = before + 1;
            return (before + 0.5) / sizes[labels[image]];
        })];
    }
}
