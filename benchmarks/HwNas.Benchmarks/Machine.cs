using System.Globalization;

namespace HwNas.Benchmarks;

/// <summary>The conditions that a report must name, and where reports lie.</summary>
internal static class Machine
{
    /// <summary>The repository's root.</summary>
    public static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "HwNas.sln")))
        {
            folder = Path.GetDirectoryName(folder)
                ?? throw new InvalidOperationException("Run the benchmarks from within the repository.");
        }

        return folder;
    }

    /// <summary>The processor, its cores and the load of the last minute, in a phrase.</summary>
    public static string Conditions() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Cpu()}, {Environment.ProcessorCount} logical processors, "
        + $"load {File.ReadAllText("/proc/loadavg").Split(' ')[0]} at the end");

    /// <summary>The middle of the values.</summary>
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[sorted.Length / 2] + sorted[(sorted.Length - 1) / 2]) / 2;
    }

    private static string Cpu() =>
        File.ReadLines("/proc/cpuinfo")
            .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(": ")[^1]
        ?? "unknown CPU";
}
