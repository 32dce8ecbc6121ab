using HwNas.Supernet.Data;
using HwNas.Supernet.Training;

namespace HwNas;

/// <summary>What to train.</summary>
/// <param name="Data">The images.</param>
public sealed record TrainRequest(DataSplits Data)
{
    /// <summary>How to train.</summary>
    public TrainingOptions Options { get; init; } = new();

    /// <summary>Weights to begin with; null for random ones.</summary>
    public Inheritance? From { get; init; }

    /// <summary>A fixed network that the largest subnet learns from as well; null for none. It stays its opener's.</summary>
    public Teacher? Teacher { get; init; }

    /// <summary>Whether an unfinished training of the folder is continued; else it is refused.</summary>
    public bool Resume { get; init; }

    /// <summary>Whether what is continued may go on with another learning rate.</summary>
    public bool MayChangeRate { get; init; }
}
