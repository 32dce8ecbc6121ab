using HwNas.Core.Files;
using HwNas.Core.Search;
using HwNas.Supernet.Training;

namespace HwNas.Cli.Runs;

/// <summary>
/// What a run trains (<c>training.json</c>): written when it starts, so that no other run gets into its folder, and
/// again when it ends.
/// </summary>
internal sealed record TrainingRecord(
    string Schema,
    string ToolVersion,
    InputReference Space,
    InputReference TrainingImages,
    TrainingOptions Options,
    TrainingOutcome? Outcome,
    string Hash)
{
    public const string CurrentSchema = "hwnas/training/1";

    /// <summary>Whether the other run would train the same weights: all options but those of speed and saving.</summary>
    public bool IsSameRun(TrainingRecord other) =>
        Space == other.Space && TrainingImages == other.TrainingImages
        && Options with { Threads = 1, CheckpointSteps = 1 } == other.Options with { Threads = 1, CheckpointSteps = 1 };

    public static TrainingRecord Read(string path) => StrictJson.ReadFile<TrainingRecord>(path, CurrentSchema);
}

/// <summary>How a training ended.</summary>
internal sealed record TrainingOutcome(
    string CheckpointHash, double Seconds, double ImagesPerSecond, double LargestLoss, double SmallestLoss, long PeakMemoryBytes);
