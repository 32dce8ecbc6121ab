using HwNas.Core;
using HwNas.Core.Files;

namespace HwNas;

/// <summary>The files of a run, all in one folder.</summary>
/// <param name="Path">The folder; it need not exist.</param>
public sealed record RunFolder(string Path)
{
    /// <summary>The trained supernet.</summary>
    public string Checkpoint => File("supernet.safetensors");

    /// <summary>What was trained on what (<see cref="TrainingRecord"/>).</summary>
    public string Training => File("training.json");

    /// <summary>The search space, as a file that <c>--space</c> takes.</summary>
    public string Space => File("space.json");

    /// <summary>The course of the training.</summary>
    public string Metrics => File("metrics.jsonl");

    /// <summary>The course of the training, drawn.</summary>
    public string TrainingPng => File("training.png");

    /// <summary>The course of the training, drawn to scale.</summary>
    public string TrainingSvg => File("training.svg");

    /// <summary>The profile of this machine.</summary>
    public string Profile => File("profile.json");

    /// <summary>What was ever evaluated in the run.</summary>
    public string Evaluations => File("evaluations.jsonl");

    /// <summary>What the last search asked for, in its order.</summary>
    public string Journal => File("search.journal");

    /// <summary>The course of the last search.</summary>
    public string SearchMetrics => File("search.metrics.jsonl");

    /// <summary>The result of the last search.</summary>
    public string Front => File("front.json");

    /// <summary>The last answer under a budget.</summary>
    public string Best => File("best.json");

    /// <summary>Exported models, unless other places are named.</summary>
    public string Models => File("models");

    /// <summary>The front, drawn.</summary>
    public string PlotPng => File("pareto.png");

    /// <summary>The front, drawn to scale.</summary>
    public string PlotSvg => File("pareto.svg");

    /// <summary>The search's course, drawn.</summary>
    public string HypervolumePng => File("hypervolume.png");

    /// <summary>The search's course, drawn to scale.</summary>
    public string HypervolumeSvg => File("hypervolume.svg");

    /// <summary>The report.</summary>
    public string Report => File("report.html");

    /// <summary>The copy of a device's profile that the last search used.</summary>
    public string SearchedProfile(string device) => System.IO.Path.Combine(Path, "profiles", $"{device}.json");

    /// <summary>Where a subnet is exported to unless another place is named.</summary>
    public string Model(string id) => System.IO.Path.Combine(Models, $"{id}.onnx");

    /// <summary>Makes the folder where it is missing.</summary>
    /// <exception cref="InputException">It cannot be made.</exception>
    public void Create()
    {
        try
        {
            Directory.CreateDirectory(Path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"Cannot make the folder '{Path}': {error.Message}", error);
        }
    }

    /// <summary>
    /// The right to write into the folder, until it is disposed; null where there is no folder, and so nothing to harm.
    /// </summary>
    /// <exception cref="InputException">Another process writes into it.</exception>
    internal FileLock? Lock(RunContext context) =>
        Directory.Exists(Path) ? FileLock.Take(File(".lock"), Path, context.Worker, context.Time) : null;

    private string File(string name) => System.IO.Path.Combine(Path, name);
}
