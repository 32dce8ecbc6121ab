using HwNas.Core.Spaces;
using HwNas.Supernet.Training.Recipes;

namespace HwNas;

/// <summary>Something in which two trainings differ, so that the one does not continue the other.</summary>
/// <param name="What">What decides it: an option of <c>hwnas train</c>, or words.</param>
/// <param name="Old">What the one has.</param>
/// <param name="New">What the other has.</param>
public sealed record TrainingDifference(string What, string Old, string New)
{
    /// <summary>All in which two trainings differ, but for what has no influence on the weights.</summary>
    public static IReadOnlyList<TrainingDifference> Between(TrainingRecord old, TrainingRecord other)
    {
        ArgumentNullException.ThrowIfNull(old);
        ArgumentNullException.ThrowIfNull(other);
        TrainingDifference[] known =
        [
            new("--space", Space(old), Space(other)),
            new("--data", Images(old.Data), Images(other.Data)),
            new("the weights it began with", Weights(old), Weights(other)),
            new("--teacher", Teacher(old), Teacher(other)),
            new("--steps", $"{old.Options.Steps}", $"{other.Options.Steps}"),
            new("--batch", $"{old.Options.BatchSize}", $"{other.Options.BatchSize}"),
            new("--seed", $"{old.Options.Seed}", $"{other.Options.Seed}"),
        ];
        return
        [
            .. known.Where(difference => difference.Old != difference.New),
            .. RecipeFile.Differences(old.Options.Recipe, other.Options.Recipe)
                .Select(difference => new TrainingDifference($"--set {difference.Key}", difference.Old, difference.New)),
        ];
    }

    /// <summary>As a line of a message.</summary>
    public override string ToString() => $"{What}: {Old}, now {New}";

    private static string Space(TrainingRecord record) => SearchSpace.Title(record.Space.Name, record.Space.Hash);

    // The same images may have moved.
    private static string Images(TrainingData data) => $"{data.Name} ({data.Hash[..12]})";

    private static string Teacher(TrainingRecord record) =>
        record.Teacher is { } teacher ? $"{teacher.Name} ({teacher.Hash[..12]})" : "none";

    private static string Weights(TrainingRecord record) =>
        record.From is { } from ? $"those of {Path.GetDirectoryName(from.Name)} ({from.Hash[..12]})" : "random";
}
