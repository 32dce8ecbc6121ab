using HwNas.Cli.Reporting;
using HwNas.Onnx.Foreign;

namespace HwNas.Cli;

/// <summary>What a command needs of the world; tests give their own.</summary>
/// <param name="Out">Results, and nothing else: <c>--json</c> output can be piped.</param>
/// <param name="Error">Messages and progress.</param>
/// <param name="Time">The clock.</param>
internal sealed record CommandContext(TextWriter Out, TextWriter Error, TimeProvider Time)
{
    /// <summary>Where results are read; tests read a file.</summary>
    public Screen Screen { get; init; } = Screen.File;

    /// <summary>Where messages and progress are read.</summary>
    public Screen ErrorScreen { get; init; } = Screen.File;

    /// <summary>Runs models that came from elsewhere.</summary>
    public ForeignModels Models { get; init; } = ForeignModels.Of(typeof(CommandContext).Assembly);

    /// <summary>The command that runs, for those who find its files in use.</summary>
    public string Command { get; init; } = "hwnas";

    /// <summary>Words that say what was chosen where the command line leaves it open.</summary>
    public IReadOnlyList<string> Chosen { get; private set; } = [];

    /// <summary>The progress that is shown at present: notices go above it.</summary>
    public ProgressLine? Shown { get; set; }

    /// <summary>What the library needs of the world.</summary>
    public RunContext OfRun => new() { Time = Time, Worker = Command, Models = Models, Notice = Say };

    /// <summary>Chooses the value of an option that was left out, and says so.</summary>
    public void Choose(string option, string value, string what)
    {
        Chosen = [.. Chosen, option, value];
        Say($"{what}; {option} takes another.");
    }

    /// <summary>Prints a message, above the progress that is shown.</summary>
    public void Say(string text)
    {
        text = ErrorScreen.Fold(text);
        if (Shown is { } line)
            line.Note(text);
        else
            Error.WriteLine(text);
    }
}
