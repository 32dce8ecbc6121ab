using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Parsing;
using System.Globalization;
using HwNas.Core.Devices;
using HwNas.Core.Spaces;
using HwNas.Supernet.Data;

namespace HwNas.Cli.Commands;

/// <summary>Options that several verbs have, with one name and one meaning.</summary>
internal static class SharedOptions
{
    /// <summary>The space where none is named, nor any run there.</summary>
    public const string UsualSpace = "fashion-mnist";

    public static Option<string> Space() => new("--space")
    {
        Description = "A built-in search space, or a .json file.",
        HelpName = "NAME|FILE",
        DefaultValueFactory = _ => UsualSpace,
        CompletionSources = { _ => BuiltInSpaces.Names.Select(name => new CompletionItem(name)) },
    };

    /// <summary>The images of a verb that starts a run.</summary>
    public static Option<string> Data() => new("--data")
    {
        Description = "Images: a folder of IDX files, of CIFAR's binary files, or with a folder of pictures for each class "
            + "(DIR@64x64 gives them a size).",
        HelpName = "DIR",
        DefaultValueFactory = _ => DataSets.DefaultSpec,
    };

    /// <summary>How many damaged pictures a verb that starts a run leaves out, at most.</summary>
    public static Option<int?> SkipDamaged()
    {
        var option = new Option<int?>("--skip-damaged")
        {
            Description = "Damaged pictures that are left out, at most; more are an error. Default: 1 % of all.",
            HelpName = "N",
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && int.TryParse(token.Value, CultureInfo.InvariantCulture, out var most) && most < 0)
                result.AddError($"--skip-damaged {most} is negative; write 0 to leave out none.");
        });
        return option;
    }

    /// <summary>The images of a verb that goes on with a run.</summary>
    public static Option<string?> DataOfRun() => new("--data")
    {
        Description = "Where the run's images are now. Default: where they were when it was trained; other images are refused.",
        HelpName = "DIR",
    };

    public static Option<int> Seed() =>
        new("--seed") { Description = "Seed of everything random.", DefaultValueFactory = _ => 1 };

    /// <summary>The id of a device; files are named by it, so another is refused before anything is done.</summary>
    public static Option<string> Device(string description)
    {
        var option = new Option<string>("--device") { Description = description, HelpName = "ID" };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && DeviceIds.ProblemWithOption(token.Value) is { } problem)
                result.AddError(problem);
        });
        return option;
    }

    /// <summary>Threads that work side by side; more than the machine's processors are refused.</summary>
    public static Option<int> Threads()
    {
        var option = new Option<int>("--threads")
        {
            Description = "Threads that work side by side.",
            DefaultValueFactory = _ => NasRun.DefaultThreads,
        };
        option.Validators.Add(RequireProcessors);
        return option;
    }

    public static Option<bool> Json() => new("--json") { Description = "Print the result as JSON on stdout." };

    /// <summary>What is wrong with so many threads on this machine; null if nothing is.</summary>
    public static string? ProblemWithThreads(int threads) =>
        threads >= 1 && threads <= Environment.ProcessorCount
            ? null
            : Environment.ProcessorCount == 1
                ? $"--threads {threads}: this machine has 1 usable processor; "
                    + "more threads would only wait for each other. Give 1."
                : $"--threads {threads}: this machine has {Environment.ProcessorCount} usable processors; "
                    + $"more threads would only wait for each other. Give 1 to {Environment.ProcessorCount}.";

    private static void RequireProcessors(OptionResult result)
    {
        if (result.Tokens is [var token]
            && int.TryParse(token.Value, CultureInfo.InvariantCulture, out var threads)
            && ProblemWithThreads(threads) is { } problem)
        {
            result.AddError(problem);
        }
    }
}
