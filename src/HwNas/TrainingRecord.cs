using System.Text.Json.Nodes;
using HwNas.Core;
using HwNas.Core.Data;
using HwNas.Core.Files;
using HwNas.Core.Search;
using HwNas.Supernet.Data;
using HwNas.Supernet.Training;

namespace HwNas;

/// <summary>
/// What a run trains (<c>training.json</c>): written when it starts, so that no other run gets into its folder, and
/// again when it ends.
/// </summary>
/// <param name="Schema">Always <see cref="CurrentSchema"/>.</param>
/// <param name="ToolVersion">The version that wrote it.</param>
/// <param name="Space">The search space.</param>
/// <param name="Data">The images.</param>
/// <param name="Options">How it is trained.</param>
/// <param name="Outcome">How it ended; null before.</param>
/// <param name="Hash">Hash over the canonical form.</param>
/// <param name="From">The checkpoint whose weights it began with; null where it began with random ones.</param>
/// <param name="Teacher">The fixed network that the largest subnet learns from as well, if any.</param>
public sealed record TrainingRecord(
    string Schema,
    string ToolVersion,
    InputReference Space,
    TrainingData Data,
    TrainingOptions Options,
    TrainingOutcome? Outcome,
    string Hash,
    InputReference? From = null,
    InputReference? Teacher = null)
{
    private const string OlderSchema = "hwnas/training/2";

    /// <summary>The schema of these files.</summary>
    public const string CurrentSchema = "hwnas/training/3";

    /// <summary>Whether the other run would train the same weights: all options but those of speed and saving.</summary>
    public bool IsSameRun(TrainingRecord other) =>
        Space == other.Space && Data.Hash == other.Data.Hash && From?.Hash == other.From?.Hash
        && Teacher?.Hash == other.Teacher?.Hash
        && WeightsOf(Options) == WeightsOf(other.Options);

    /// <summary>The run with another learning rate from here on.</summary>
    public TrainingRecord At(double learningRate) => this with
    {
        Options = Options with { Recipe = Options.Recipe with { LearningRate = learningRate, LearningRateBatch = 0 } },
    };

    private static TrainingOptions WeightsOf(TrainingOptions options) =>
        options with { Threads = 1, CheckpointSteps = 1, CheckpointMinutes = 0, KeepCheckpoints = 1 };

    /// <summary>Reads a record.</summary>
    /// <exception cref="InputException">It is missing, damaged, or of an older version.</exception>
    public static TrainingRecord Read(string path)
    {
        try
        {
            var record = StrictJson.ReadFile<TrainingRecord>(
                path, CurrentSchema, [OlderSchema], document => TrainingOptions.Upgrade(document["options"] as JsonObject));
            _ = record.Data.Normalisation.Checked(path);
            return record;
        }
        catch (InputException error) when (error.Message.Contains("hwnas/training/1", StringComparison.Ordinal))
        {
            throw new InputException(
                $"'{path}' was written by an older version of hwnas and does not say on which images. "
                + "Train again, into another folder.",
                error);
        }
    }
}

/// <summary>The images of a training: where they were, and what they are.</summary>
/// <param name="Spec">By what <see cref="DataSets"/> finds them.</param>
/// <param name="Name">What messages call them.</param>
/// <param name="Hash">Hash of all pixels and labels and of how they are split.</param>
/// <param name="Shape">Height × width × channels of an image.</param>
/// <param name="TrainingImages">Images to train on.</param>
/// <param name="ValidationImages">Images to choose by.</param>
/// <param name="TestImages">Images that only report.</param>
/// <param name="Classes">The classes' names, in the order of labels.</param>
/// <param name="Normalisation">How pixels become a network's input.</param>
public sealed record TrainingData(
    string Spec, string Name, string Hash, string Shape, int TrainingImages, int ValidationImages, int TestImages,
    IReadOnlyList<string> Classes, Normalisation Normalisation)
{
    /// <summary>What a training keeps of its images.</summary>
    public static TrainingData Of(DataSplits data) => new(
        data.Spec, data.Name, data.Hash, data.Training.Shape.ToString(), data.Training.Count, data.Validation.Count,
        data.Test.Count,
        data.Classes, data.Training.Normalisation);

    /// <summary>Where they are and what they are, for messages.</summary>
    public override string ToString() =>
        $"'{Spec}' ({TrainingImages} + {ValidationImages} + {TestImages} images of {Shape}, {Classes.Count} classes)";
}

/// <summary>How a training ended.</summary>
/// <param name="CheckpointHash">Hash of the checkpoint.</param>
/// <param name="Seconds">Time of training, over all processes that it ran in.</param>
/// <param name="ImagesPerSecond">Images through the whole sandwich per second.</param>
/// <param name="LargestLoss">Loss of the largest subnet in the last step.</param>
/// <param name="SmallestLoss">Loss of the smallest subnet in the last step.</param>
/// <param name="PeakMemoryBytes">The process's greatest resident memory, without that of a GPU.</param>
/// <param name="Device">Where its last process trained.</param>
public sealed record TrainingOutcome(
    string CheckpointHash, double Seconds, double ImagesPerSecond, double LargestLoss, double SmallestLoss, long PeakMemoryBytes,
    string Device = "cpu");
