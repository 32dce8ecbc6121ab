using System.Text.RegularExpressions;
using HwNas.Native.Tests.Support;

namespace HwNas.Native.Tests.Benchmarks;

/// <summary>The short form of <c>benchmarks -- torture</c>: damaged files for every reader, and kills.</summary>
public sealed class TortureTests
{
    [Fact]
    public void Damaged_files_are_read_or_refused_and_what_was_killed_ends_as_what_was_not()
    {
        using var folder = new TemporaryFolder();
        var result = Tool.Benchmark(folder.Path, "torture", "--short", folder.File("torture.md"));
        Assert.True(result.ExitCode == 0, result.ToString());
        var report = File.ReadAllText(folder.File("torture.md"));
        var readers = Regex.Matches(report, @"\| ([^|]+) \| (\d+) \| (\d+) \| \d+ \| [\d.]+ \| 0 \|");
        Assert.True(readers.Count >= 25, report);
        Assert.All(readers, reader => Assert.NotEqual(reader.Groups[2].Value, reader.Groups[3].Value));
        Assert.Matches(@"\| train \| [1-9] \| 1 \| 0 \|", report);
        Assert.Matches(@"\| search \| [1-9] \| 1 \| 0 \|", report);
    }
}
