using System.Diagnostics;
using HwNas.Core;

namespace HwNas.Native.Tests.Support;

/// <summary>What a run of the tool gave.</summary>
internal sealed record ToolResult(int ExitCode, string Output, string Error)
{
    public override string ToString() => $"exit {ExitCode}\n--- stdout\n{Output}\n--- stderr\n{Error}";
}

/// <summary>Runs the real tool in a process that is not that of the tests, in a folder of its own.</summary>
internal static class Tool
{
    public static readonly string Dll = Path.Combine(AppContext.BaseDirectory, "hwnas.dll");

    /// <summary>Runs a command, in a process that may have run others before.</summary>
    public static ToolResult Run(string folder, params string[] arguments) => ToolHost.Run(folder, arguments);

    /// <summary>Runs a command in a process of its own, as a user does.</summary>
    public static ToolResult RunAlone(string folder, params string[] arguments) =>
        RunProgram("dotnet", folder, [Dll, .. arguments]);

    /// <summary>Runs the tool as somebody sees it whose terminal is so wide; both streams are its output.</summary>
    public static ToolResult RunInTerminal(string folder, int columns, params string[] arguments) => RunProgram(
        "script", folder, "-qec",
        // The shell stays: script stops itself where what it started is stopped for a moment.
        $"stty cols {columns} rows 24; TERM=xterm dotnet {string.Join(' ', arguments.Prepend(Dll).Select(ShellWord.Of))}; "
        + "exit $?",
        "/dev/null");

    /// <summary>Runs the benchmarks as their command does.</summary>
    public static ToolResult Benchmark(string folder, params string[] arguments) =>
        RunProgram("dotnet", folder, [Path.Combine(AppContext.BaseDirectory, "HwNas.Benchmarks.dll"), .. arguments]);

    /// <summary>Runs another program.</summary>
    public static ToolResult RunProgram(string program, string folder, params string[] arguments)
    {
        using var process = StartProgram(program, folder, arguments);
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new ToolResult(process.ExitCode, output, error.Result);
    }

    /// <summary>Runs the tool and expects success.</summary>
    public static ToolResult RunWell(string folder, params string[] arguments)
    {
        var result = Run(folder, arguments);
        Assert.True(result.ExitCode == 0, $"hwnas {string.Join(' ', arguments)}: {result}");
        return result;
    }

    /// <summary>What Ctrl-C sends.</summary>
    public static void Interrupt(Process process) => Signal(process, "INT");

    /// <summary>Sends a signal.</summary>
    public static void Signal(Process process, string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", process.Id.ToString()]);
        kill.WaitForExit();
    }

    public static Process Start(string folder, params string[] arguments) => StartProgram("dotnet", folder, [Dll, .. arguments]);

    /// <summary>Starts another program.</summary>
    public static Process StartProgram(string program, string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        return Process.Start(start)!;
    }
}
