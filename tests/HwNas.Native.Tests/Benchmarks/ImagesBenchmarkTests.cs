using HwNas.Native.Tests.Support;

namespace HwNas.Native.Tests.Benchmarks;

/// <summary>The short form of the benchmark of pictures runs, so that the long one does not rot.</summary>
public sealed class ImagesBenchmarkTests
{
    [Fact]
    public void Decoders_are_compared_and_waits_are_measured()
    {
        using var folder = new TemporaryFolder();
        var result = Tool.Benchmark(folder.Path, "images", "--short", folder.File("images.md"));
        Assert.True(result.ExitCode == 0, result.Error);
        var report = File.ReadAllText(folder.File("images.md"));
        Assert.Matches(@"\| 500 x 375, \d+ kB \| decoding \| [1-9]\d* \| [1-9]\d* \| \d+\.\d\d \(", report);
        Assert.Matches(@"\| 1600 x 1200, \d+ kB \| decoding and augmentation \| [1-9]\d* \| [1-9]\d* \| ", report);
        Assert.Matches(@"\| `photos` \| 224 x 224 \| 2 \| 1 \| \d \| \d+\.\d \| \d+\.\d\d % \| [\d,]+ MiB \|", report);
        Assert.Matches(@"\| `small-images` \| 64 x 64 \| 2 \| 6 \| ", report);
    }
}
