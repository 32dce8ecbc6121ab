using HwNas.Core;
using HwNas.Supernet.Data;

namespace HwNas;

/// <summary>The images of a run: those that it was trained on, and no others.</summary>
internal static class RunData
{
    // Whatever was left out then: that these are the same, the hash says.
    private static readonly DataReading AsTrainedOn = new() { MostDamaged = int.MaxValue };

    /// <summary>Opens the run's data, or the same data at another place.</summary>
    /// <param name="folder">The run.</param>
    /// <param name="spec">Where its data are; null for where they were.</param>
    /// <param name="cancellation">Ends the reading of pictures.</param>
    /// <exception cref="InputException">The run has no training, or there are other images.</exception>
    public static DataSplits Open(RunFolder folder, string? spec, CancellationToken cancellation)
    {
        if (!File.Exists(folder.Training))
        {
            throw new InputException(
                $"'{folder.Path}' holds no run: it has no training.json. Train first, or name the folder of a run with --run.");
        }

        var trained = TrainingRecord.Read(folder.Training).Data;
        var data = spec is null && !DataSets.Exists(trained.Spec)
            ? throw Moved(folder, trained)
            : DataSets.Open(spec ?? trained.Spec, AsTrainedOn, cancellation);
        return data.Hash == trained.Hash
            ? data.With(trained.Normalisation)
            : throw new InputException(
                $"The run '{folder.Path}' was trained on other images: on {trained}, but these are {TrainingData.Of(data)}, "
                + "with other pixels or labels. "
                + (spec is null ? "Restore them, or train again." : "Leave --data out, or name the images of the run."));
    }

    private static InputException Moved(RunFolder folder, TrainingData trained) =>
        new($"The run '{folder.Path}' was trained on {trained}, which is not there any more. Say with --data where it is now.");
}
