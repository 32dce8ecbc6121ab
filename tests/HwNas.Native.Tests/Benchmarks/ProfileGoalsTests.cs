using HwNas.Native.Tests.Support;

namespace HwNas.Native.Tests.Benchmarks;

/// <summary>The short form of the profiling benchmark runs, so that the long one does not rot.</summary>
public sealed class ProfileGoalsTests
{
    [Fact]
    public void Every_row_is_measured_and_reported()
    {
        using var folder = new TemporaryFolder();
        var result = Tool.Benchmark(folder.Path, "profiles", "--short", folder.File("profiles.md"));
        Assert.True(result.ExitCode == 0, result.Error);
        var report = File.ReadAllText(folder.File("profiles.md"));
        foreach (var row in new[] { "seed 1", "2 threads", "int8", "1 busy process ", "2 busy processes", "more networks" })
            Assert.Contains(row, report, StringComparison.Ordinal);
    }
}
