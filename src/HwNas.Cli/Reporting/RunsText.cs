using System.Globalization;
using System.Text;
using HwNas.Core;
using HwNas.Core.Devices;
using HwNas.Core.Metrics;
using HwNas.Core.Search;

namespace HwNas.Cli.Reporting;

/// <summary>
/// Runs and their searches, for a person: a heading for each run, and a table of its searches; before them, where there are
/// several runs, one of how they were trained.
/// </summary>
internal static class RunsText
{
    private static readonly TextColumn[] Columns =
    [
        new("search", IsText: true) { IsName = true },
        new("budgets", IsText: true) { Folds = true },
        new("best %"),
        new("front"),
        new("hypervolume %") { DropOrder = 1 },
        new("evaluated") { DropOrder = 3 },
        new("objectives", IsText: true) { Folds = true, DropOrder = 2 },
        new("devices", IsText: true) { Folds = true, DropOrder = 4 },
        new("strategy", IsText: true) { DropOrder = 5 },
        new("seed") { DropOrder = 6 },
        new("found", IsText: true) { DropOrder = 3 },
    ];

    private static readonly TextColumn[] TrainingColumns =
    [
        new("run", IsText: true) { IsName = true },
        new("steps"),
        new("batch") { DropOrder = 3 },
        new("seed") { DropOrder = 4 },
        new("images/s") { DropOrder = 2 },
        new("largest %"),
        new("smallest %"),
        new("recipe", IsText: true) { Folds = true, DropOrder = 1 },
    ];

    public static string Of(IReadOnlyList<RunSummary> runs, Screen screen, TimeZoneInfo zone)
    {
        var text = new StringBuilder();
        RunSummary[] trained = [.. runs.Where(run => run.Space.Length > 0)];
        if (trained.Length > 1)
            text.Append(new TextTable(TrainingColumns, [.. trained.Select(TrainingRow)]).ToText(screen));
        foreach (var (index, run) in runs.Index())
        {
            text.Append(index > 0 || trained.Length > 1 ? "\n" : "").Append(screen.Fold(Heading(run, zone)));
            if (run.Searches.Length > 0)
                text.Append(new TextTable(Columns, [.. run.Searches.Select(search => Row(search, zone))]).ToText(screen));
            foreach (var problem in run.Problems)
                text.Append(screen.Fold($"warning: {problem}\n"));
        }

        if (runs.Any(run => run.Searches.Any(search => search.HypervolumePercent is not null)))
        {
            text.Append(screen.Fold(
                "\nhypervolume: what the front dominates of the box from the worst to the best that the run's searches over the "
                + "same objectives and profiles have come upon; more is better.\n"));
        }

        return text.ToString();
    }

    private static string Heading(RunSummary run, TimeZoneInfo zone)
    {
        var about = run.Space.Length > 0 ? $"{run.Space} on {run.Images}, {Trained(run)}, " : "";
        return $"{run.Path}  {about}{Time(run.Trained, zone)}{(run.Searches.Length == 0 ? ", no finished search" : "")}\n";
    }

    private static string Trained(RunSummary run)
    {
        var steps = (run.Steps < run.StepsInAll ? $"unfinished, {run.Steps} of " : "") + Plural.Of(run.StepsInAll, "step");
        return run.Accuracy is { } accuracy
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{steps}, largest subnet {accuracy.LargestTop1Percent:F1} %, smallest {accuracy.SmallestTop1Percent:F1} %")
            : steps;
    }

    private static string[] TrainingRow(RunSummary run) =>
    [
        run.Path,
        run.Steps < run.StepsInAll ? $"{run.Steps} of {run.StepsInAll}" : $"{run.StepsInAll}",
        $"{run.Batch}",
        $"{run.Seed}",
        run.ImagesPerSecond.ToString("F0", CultureInfo.InvariantCulture),
        run.Accuracy?.LargestTop1Percent.ToString("F1", CultureInfo.InvariantCulture) ?? "",
        run.Accuracy?.SmallestTop1Percent.ToString("F1", CultureInfo.InvariantCulture) ?? "",
        string.Join(", ", run.Recipe),
    ];

    private static string[] Row(SearchSummary search, TimeZoneInfo zone) =>
    [
        search.Name,
        string.Join(", ", search.Budgets.Select(Limit)),
        search.BestTop1Percent.ToString("0.00", CultureInfo.InvariantCulture),
        search.FrontSize.ToString(CultureInfo.InvariantCulture),
        search.HypervolumePercent?.ToString("0.0", CultureInfo.InvariantCulture) ?? "",
        search.Evaluated.ToString(CultureInfo.InvariantCulture),
        string.Join(", ", search.Objectives.Where(label => label != Metric.Accuracy.Scale.Label)),
        string.Join(", ", search.Devices),
        search.Strategy,
        search.Seed.ToString(CultureInfo.InvariantCulture),
        Time(search.Found, zone),
    ];

    private static string Limit(Budget budget)
    {
        var metric = CountMetrics.All.FirstOrDefault(metric => metric.Name == budget.Cost);
        var device = new Metric(budget.Cost, Direction.Minimize, "").Device;
        return device is not null && budget.Cost == LatencyMetrics.MedianOn(device).Name
            ? $"latency ≤ {Figures.Prefixed(budget.Limit)} µs"
            : $"{metric?.Scale.Label ?? budget.Cost} ≤ {Figures.Prefixed(budget.Limit)}{(metric?.Unit == "bytes" ? "B" : "")}";
    }

    private static string Time(DateTimeOffset time, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(time, zone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
