using System.Diagnostics;

namespace HwNas.Native.Tests.Support;

/// <summary>What a run of the tool gave.</summary>
internal sealed record ToolResult(int ExitCode, string Output, string Error)
{
    public override string ToString() => $"exit {ExitCode}\n--- stdout\n{Output}\n--- stderr\n{Error}";
}

/// <summary>Runs the real tool as a process of its own, in a folder of its own.</summary>
internal static class Tool
{
    public static ToolResult Run(string folder, params string[] arguments) => Finish(Start(folder, arguments));

    /// <summary>Runs the benchmarks as their command does.</summary>
    public static ToolResult Benchmark(string folder, params string[] arguments) => Finish(StartProgram("HwNas.Benchmarks.dll", folder, arguments));

    /// <summary>Runs the tool and expects success.</summary>
    public static ToolResult RunWell(string folder, params string[] arguments)
    {
        var result = Run(folder, arguments);
        Assert.True(result.ExitCode == 0, $"hwnas {string.Join(' ', arguments)}: {result}");
        return result;
    }

    /// <summary>What Ctrl-C sends.</summary>
    public static void Interrupt(Process process)
    {
        using var kill = Process.Start("kill", ["-INT", process.Id.ToString()]);
        kill.WaitForExit();
    }

    public static Process Start(string folder, params string[] arguments) => StartProgram("hwnas.dll", folder, arguments);

    private static ToolResult Finish(Process started)
    {
        using var process = started;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new ToolResult(process.ExitCode, output, error.Result);
    }

    private static Process StartProgram(string program, string folder, string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, program));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }
}
