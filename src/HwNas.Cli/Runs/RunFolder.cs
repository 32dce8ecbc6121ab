using HwNas.Core;
using HwNas.Core.Files;

namespace HwNas.Cli.Runs;

/// <summary>The files of a run, all in one folder.</summary>
internal sealed record RunFolder(string Path)
{
    public string Checkpoint => File("supernet.safetensors");

    public string Training => File("training.json");

    /// <summary>The search space, as a file that <c>--space</c> takes.</summary>
    public string Space => File("space.json");

    public string Metrics => File("metrics.jsonl");

    public string Profile => File("profile.json");

    public string Evaluations => File("evaluations.jsonl");

    public string Journal => File("search.journal");

    public string SearchMetrics => File("search.metrics.jsonl");

    public string Front => File("front.json");

    public string Best => File("best.json");

    public string Models => File("models");

    public string PlotPng => File("pareto.png");

    public string PlotSvg => File("pareto.svg");

    public string HypervolumePng => File("hypervolume.png");

    public string HypervolumeSvg => File("hypervolume.svg");

    public string Report => File("report.html");

    /// <summary>The folder, made where it is missing.</summary>
    /// <exception cref="InputException">It cannot be made.</exception>
    public static RunFolder Create(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
            return new RunFolder(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"Cannot make the folder '{path}': {error.Message}", error);
        }
    }

    /// <summary>
    /// The right to write into the folder, until it is disposed; null where there is no folder, and so nothing to harm.
    /// </summary>
    /// <exception cref="InputException">Another process writes into it.</exception>
    public FileLock? Lock(CommandContext context) =>
        Directory.Exists(Path) ? FileLock.Take(File(".lock"), Path, context.Command, context.Time) : null;

    /// <summary>The copy of a device's profile that the last search used.</summary>
    public string SearchedProfile(string device) => System.IO.Path.Combine(Path, "profiles", $"{device}.json");

    private string File(string name) => System.IO.Path.Combine(Path, name);
}
