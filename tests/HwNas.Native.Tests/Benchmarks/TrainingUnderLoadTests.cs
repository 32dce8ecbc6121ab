using HwNas.Native.Tests.Support;

namespace HwNas.Native.Tests.Benchmarks;

/// <summary>The short form of the training benchmark runs, so that the long one does not rot.</summary>
public sealed class TrainingUnderLoadTests
{
    [Fact]
    public void One_thread_and_two_are_measured_quiet_and_busy()
    {
        using var folder = new TemporaryFolder();
        var result = Tool.Benchmark(folder.Path, "training", "--busy", "--short", folder.File("busy.md"));
        Assert.True(result.ExitCode == 0, result.Error);
        var report = File.ReadAllText(folder.File("busy.md"));
        Assert.Matches(@"\| 0 \| [1-9]\d* \| [1-9]\d* \| \d+\.\d\d \|", report);
        Assert.Matches(@"\| 1 \| [1-9]\d* \| [1-9]\d* \| \d+\.\d\d \|", report);
    }
}
