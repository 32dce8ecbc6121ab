using HwNas.Native.Tests.Support;

namespace HwNas.Native.Tests.Benchmarks;

/// <summary>The short forms of the training benchmarks run, so that the long ones do not rot.</summary>
public sealed class TrainingBenchmarkTests
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

    [Fact]
    public void Each_kind_of_operation_has_its_time()
    {
        using var folder = new TemporaryFolder();
        var result = Tool.Benchmark(folder.Path, "training", "--profile", "--short", folder.File("profile.md"));
        Assert.True(result.ExitCode == 0, result.Error);
        var report = File.ReadAllText(folder.File("profile.md"));
        Assert.Matches(@"\| convolutions 1x1 \| \d+\.\d\d \| \d+\.\d\d \| [\d,]+ ?% \| [\d,]+ ?% \|", report);
        Assert.Matches(@"\| the whole step \| \| \d+\.\d\d \| 100 % \| [\d,]+ ?% \|", report);
    }
}
