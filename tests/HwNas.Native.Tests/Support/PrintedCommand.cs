namespace HwNas.Native.Tests.Support;

/// <summary>The command that a message ends with, to continue what it speaks of.</summary>
internal static class PrintedCommand
{
    private const string Program = "hwnas ";

    /// <summary>Runs it as a shell does, and expects success.</summary>
    public static void Run(TemporaryFolder folder, string message)
    {
        Assert.Matches(@"Continue (it )?with:\s+hwnas \S", message);
        var command = message[(message.LastIndexOf(Program, StringComparison.Ordinal) + Program.Length)..].Trim();
        Assert.EndsWith(" --resume", command, StringComparison.Ordinal);
        var again = Tool.RunProgram("bash", folder.Path, "-c", $"dotnet '{Tool.Dll}' {command}");
        Assert.True(again.ExitCode == 0, $"{command}: {again}");
    }
}
