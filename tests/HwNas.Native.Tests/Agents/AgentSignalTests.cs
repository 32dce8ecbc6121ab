using HwNas.Native.Tests.Support;

namespace HwNas.Native.Tests.Agents;

/// <summary>Both programs that hold an agent obey signals as all of the tool does.</summary>
public sealed class AgentSignalTests
{
    [Theory]
    [InlineData("hwnas-agent.dll", "INT", "INT")]
    [InlineData("hwnas-agent.dll", "TERM", "INT")]
    [InlineData("hwnas-agent.dll", "HUP")]
    [InlineData("hwnas.dll", "HUP", "TERM")]
    public void An_agent_ends_in_order_at_every_signal(string program, params string[] signals)
    {
        using var folder = new TemporaryFolder();
        string[] verb = program == "hwnas.dll" ? ["agent"] : [];
        using var process = Tool.StartProgram(
            "dotnet", folder.Path, [Path.Combine(AppContext.BaseDirectory, program), .. verb, "--listen", "0"]);
        Assert.Contains("listens on", process.StandardOutput.ReadLine(), StringComparison.Ordinal);
        foreach (var signal in signals)
            Tool.Signal(process, signal);
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{process.ExitCode}: {error}");
        Assert.Contains("what was measured is kept", error, StringComparison.Ordinal);
    }
}
