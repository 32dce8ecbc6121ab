using System.Text.RegularExpressions;
using HwNas.Native.Tests.Support;

namespace HwNas.Native.Tests.Benchmarks;

public sealed class RecipeStudyTests
{
    [Fact]
    public void The_short_form_compares_what_is_inherited_and_each_part_with_intervals()
    {
        using var folder = new TemporaryFolder();
        var result = Tool.Benchmark(folder.Path, "recipes", "--short", folder.File("study.md"));
        Assert.True(result.ExitCode == 0, $"{result}");
        var report = File.ReadAllText(folder.File("study.md"));
        Assert.Matches(@"Inherited minus alone, mean of the subnets: \*\*[+-]\d+\.\d\d ± \d+\.\d\d points", report);
        Assert.Equal(2, Regex.Count(report, @"\| `r\d\d-[^`]+` \| \d+\.\d\d \| \d+\.\d\d \|"));
        Assert.Matches(@"\| no distillation[^|]*\| [+-]\d+\.\d\d ± \d+\.\d\d \|", report);
    }
}
