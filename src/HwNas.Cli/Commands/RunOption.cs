using System.CommandLine;
using HwNas.Core;
using HwNas.Supernet.Torch;

namespace HwNas.Cli.Commands;

/// <summary>
/// <c>--run</c> and <c>--name</c>: the run that a verb goes on with, and the search. Where no run is named it is the newest
/// below <c>runs/</c>, in every verb, and a line says so.
/// </summary>
internal sealed class RunOption
{
    /// <summary>Where runs lie.</summary>
    public const string Runs = "runs";

    /// <summary>What is said where there is none.</summary>
    public const string NoRun = $"There is no run in '{Runs}/'. Make one with 'hwnas quickstart' or 'hwnas train'.";

    private readonly Option<string?> _run = new("--run")
    {
        Description = "Run folder. Default: the newest in runs/, and a line says which.",
        HelpName = "DIR",
    };

    private readonly Option<string?> _name;

    /// <param name="name">What <c>--name</c> is for in this verb.</param>
    public RunOption(string name = "Search of the run. Default: the newest, and a line says which where there are several.") =>
        _name = new Option<string?>("--name") { Description = name, HelpName = "NAME" };

    public IReadOnlyList<Option> All => [_run, _name];

    /// <summary>Whether a run or a search is named.</summary>
    public bool IsGiven(ParseResult parsed) => parsed.GetValue(_run) is not null || parsed.GetValue(_name) is not null;

    /// <summary>Whether a search is named.</summary>
    public bool IsSearchGiven(ParseResult parsed) => parsed.GetValue(_name) is not null;

    /// <summary>The run.</summary>
    /// <exception cref="InputException">None is named, and there is none; or the name of the search is none.</exception>
    public NasRun Of(
        ParseResult parsed, CommandContext context, string? data = null, int? threads = null, TorchDevice? device = null) =>
        new(parsed.GetValue(_run) ?? Chosen(context), context: context.OfRun)
        {
            SearchName = parsed.GetValue(_name),
            DataSpec = data,
            Threads = threads ?? NasRun.DefaultThreads,
            TorchDevice = device ?? TorchDevice.Cpu,
        };

    /// <summary>The run that was trained last; null where there is none.</summary>
    public static RunFolder? Newest() => RunFolder.In(Runs) is [var newest, ..] ? newest : null;

    /// <summary>A run by its folder, or its name below <c>runs/</c>.</summary>
    /// <exception cref="InputException">There is none.</exception>
    public static RunFolder Named(string name)
    {
        RunFolder[] places = [new(name), new(Path.Combine(Runs, name))];
        return Array.Find(places, place => File.Exists(place.Training))
            ?? throw new InputException(
                $"There is no run '{name}', here or in '{Runs}/'. 'hwnas runs' lists those that there are.");
    }

    private static string Chosen(CommandContext context)
    {
        var newest = Newest() ?? throw new InputException($"{NoRun.TrimEnd('.')}, or name the folder of one with --run.");
        context.Choose("--run", newest.Path, $"Run '{newest.Path}', the newest in '{Runs}/'");
        return newest.Path;
    }
}
