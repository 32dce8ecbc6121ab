using System.Diagnostics;

namespace HwNas.Benchmarks;

/// <summary>Other processes that each keep a core busy, until they are disposed of or this process ends.</summary>
internal sealed class BusyProcesses : IDisposable
{
    /// <summary>The argument that makes this program such a process.</summary>
    public const string Argument = "busy";

    private readonly List<Process> _processes = [];

    public BusyProcesses(int count)
    {
        for (var i = 0; i < count; i++)
        {
            _processes.Add(Process.Start(new ProcessStartInfo("dotnet", [typeof(BusyProcesses).Assembly.Location, Argument])
            {
                RedirectStandardInput = true,
            })!);
        }
    }

    /// <summary>Burns until the standard input closes, which it does when the parent ends, however that ends.</summary>
    public static void Burn()
    {
        var parent = Task.Run(Console.In.ReadToEnd);
        var values = new double[1 << 16];
        while (!parent.IsCompleted)
        {
            for (var i = 1; i < values.Length; i++)
                values[i] = Math.Sqrt(values[i - 1] + i);
        }
    }

    public void Dispose()
    {
        foreach (var process in _processes)
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }
    }
}
