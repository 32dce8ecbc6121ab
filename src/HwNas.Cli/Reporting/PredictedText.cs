using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using HwNas.Core;
using HwNas.Core.Metrics;
using HwNas.Core.Search;

namespace HwNas.Cli.Reporting;

/// <summary>What a predictor's file says of a space, for a person.</summary>
internal static class PredictedText
{
    public static string Of(PredictedAnswer answer, Screen screen)
    {
        var best = answer.Best;
        var text = new StringBuilder(Table([best], [], answer.Metrics, answer.Budgets, best.Id, screen));
        text.Append(CultureInfo.InvariantCulture, $"best: {best.Id}\n");
        text.Append(CultureInfo.InvariantCulture, $"      {best.PredictedTop1Percent:F2} % PREDICTED, not measured; ");
        text.Append(
            answer.BoundPercent is { } bound
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"at most {Math.Max(bound, best.PredictedTop1Percent):F2} % is possible in this space{Within(answer)}\n")
                : "how much more is possible is not known\n");
        foreach (var (name, latency) in best.LatencyUs)
            text.Append(CultureInfo.InvariantCulture, $"      {latency.MedianUs:F1} µs on {name}\n");
        return screen.Fold(text.ToString());
    }

    public static string Of(PredictedFront front, Screen screen) =>
        Table(front.Subnets, front.Objectives, front.Metrics, front.Budgets, chosen: null, screen)
        + screen.Fold(
            $"front of {Plural.Of(front.Subnets.Length, "network")} by PREDICTED accuracy"
            + $"{(front.IsExact ? ", exact: no network of the space beats any of them" : "")}\n");

    private static string Table(
        ImmutableArray<BestSubnet> subnets, ImmutableArray<string> objectives, ImmutableArray<Metric> metrics,
        ImmutableArray<Budget> budgets, string? chosen, Screen screen)
    {
        var device = metrics.FirstOrDefault(metric => metric.Device is not null)?.Device;
        var rows = subnets.Select(subnet => new FrontRow(
            subnet.Id, AccuracyPercent: null, device is null ? null : subnet.LatencyUs[device].MedianUs, MeasuredUs: null)
        {
            Costs = FrontRows.Costs(metrics, objectives.Concat(budgets.Select(budget => budget.Cost)), subnet.Costs),
            PredictedIntervalUs = FrontRows.IntervalOf(device is null ? null : subnet.LatencyUs[device]),
            PredictedAccuracyPercent = subnet.PredictedTop1Percent,
            IsChosen = subnet.Id == chosen,
        });
        return new FrontTable([.. rows]).ToText(screen);
    }

    private static string Within(PredictedAnswer answer) => answer.Budgets.IsEmpty
        ? ""
        : " within " + string.Join(", ", answer.Budgets.Select(budget =>
        {
            var metric = answer.Metrics.First(metric => metric.Name == budget.Cost);
            return $"{Figures.Of(metric, budget.Limit)} {metric.Scale.Label}";
        }));
}
