using System.Diagnostics;
using HwNas.Native.Tests.Support;
using HwNas.Remote.Agents;

namespace HwNas.Native.Tests.Agents;

/// <summary>A real agent: <c>hwnas agent</c> as a process of its own.</summary>
internal sealed class AgentProcess : IDisposable
{
    public const string Secret = "a-token-of-the-tests";

    private readonly Process _process;

    private AgentProcess(Process process, string address) => (_process, Address) = (process, address);

    public string Address { get; }

    public static AgentToken Token { get; } = AgentToken.Of(Secret, "the tests");

    /// <summary>Starts an agent whose state lies in a folder; port 0 takes a free one.</summary>
    public static AgentProcess Start(string folder, int port = 0, string device = "edge", params string[] more)
    {
        var tokenFile = Path.Combine(folder, "token");
        File.WriteAllText(tokenFile, Secret + "\n");
        var process = Tool.Start(folder, [
            "agent", "--listen", $"{port}", "--token-file", tokenFile, "--state", Path.Combine(folder, "state-" + device),
            "--device", device, .. more,
        ]);
        var line = process.StandardOutput.ReadLine()
            ?? throw new InvalidOperationException($"The agent did not start: {process.StandardError.ReadToEnd()}");
        return new AgentProcess(process, line.Split(' ')[^1].TrimEnd('/'));
    }

    public int Port => new Uri(Address).Port;

    /// <summary>As a power cut does.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>As Ctrl-C does; returns what it wrote.</summary>
    public ToolResult Interrupt()
    {
        Tool.Interrupt(_process);
        var error = _process.StandardError.ReadToEndAsync();
        var output = _process.StandardOutput.ReadToEnd();
        _process.WaitForExit();
        return new ToolResult(_process.ExitCode, output, error.Result);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            Kill();
        _process.Dispose();
    }
}
