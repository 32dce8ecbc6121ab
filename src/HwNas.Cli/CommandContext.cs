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

    /// <summary>The progress that is shown at present: notices go above it.</summary>
    public ProgressLine? Shown { get; set; }

    /// <summary>What the library needs of the world.</summary>
    public RunContext OfRun => new()
    {
        Time = Time,
        Worker = Command,
        Models = Models,
        Notice = text =>
        {
            if (Shown is { } line)
                line.Note(text);
            else
                Error.WriteLine(text);
        },
    };
}
