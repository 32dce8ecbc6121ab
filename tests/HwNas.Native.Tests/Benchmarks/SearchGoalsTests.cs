using System.Globalization;
using System.Text.RegularExpressions;
using HwNas.Core.Search;
using HwNas.Native.Tests.Support;
using HwNas.Tests.RealData;

namespace HwNas.Native.Tests.Benchmarks;

public sealed class SearchGoalsTests
{
    [SharedDataFact]
    public void The_short_form_of_the_search_goals_measures_something_of_everything()
    {
        using var folder = new TemporaryFolder();
        var result = Tool.Benchmark(folder.Path, "search", "--short", folder.File("search.md"));
        Assert.True(result.ExitCode == 0, $"{result}");
        var report = File.ReadAllText(folder.File("search.md"));

        string[] goals =
            ["MACs and parameters", "NAS-Bench-Macro", "Ridge models", "NSGA-II, population 100", "Surrogate loop", "Predictor"];
        Assert.All(goals, goal => Assert.Contains($"| {goal}", report));
        Assert.Matches(@"dynas-t` \| all exact \| (\d+) of \1 \| yes", report);
        Assert.All(SearchStrategies.All, strategy => Assert.Contains($"| {strategy.Name} | 0 to 0 |", report));

        // No search finds more than the exact fronts, which are computed in another way, and chance finds half of them.
        var shares = Regex.Matches(report, @"[01]\.\d{4}(?= \(| \|)")
            .Select(m => double.Parse(m.Value, CultureInfo.InvariantCulture)).ToList();
        Assert.True(shares.Count > 2 * SearchStrategies.All.Length, report);
        Assert.All(shares, share => Assert.InRange(share, 0.5, 1));
    }
}
