namespace HwNas.Cli;

/// <summary>What a command needs of the world; tests give their own.</summary>
/// <param name="Out">Results, and nothing else: <c>--json</c> output can be piped.</param>
/// <param name="Error">Messages and progress.</param>
/// <param name="Time">The clock.</param>
internal sealed record CommandContext(TextWriter Out, TextWriter Error, TimeProvider Time)
{
    /// <summary>The command that runs, for those who find its files in use.</summary>
    public string Command { get; init; } = "hwnas";
}
