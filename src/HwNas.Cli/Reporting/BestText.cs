using System.Globalization;
using System.Text;
using HwNas.Core.Metrics;
using HwNas.Core.Search;

namespace HwNas.Cli.Reporting;

/// <summary>The best subnet under a budget, for a person.</summary>
internal static class BestText
{
    public static string Of(BestFile best, Screen screen)
    {
        var device = best.Profiles.Select(profile => profile.Name).FirstOrDefault();
        var rows = best.Subnets.Select(subnet => new FrontRow(
            subnet.Id, subnet.Top1Percent,
            device is null ? null : subnet.LatencyUs[device].MedianUs,
            MeasuredUs: null)
        {
            Costs = FrontRows.Costs(CountMetrics.All, best.Budgets.Select(budget => budget.Cost), subnet.Costs),
            PredictedIntervalUs = FrontRows.IntervalOf(device is null ? null : subnet.LatencyUs[device]),
            PredictedAccuracyPercent = subnet.PredictedTop1Percent,
            IsChosen = subnet.Id == best.Chosen,
        });
        var text = new StringBuilder(new FrontTable([.. rows]).ToText(screen));
        var answer = best.Subnets[0];
        text.Append(CultureInfo.InvariantCulture, $"best: {answer.Id}\n");
        text.Append(
            answer.Top1Percent is { } measured
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"      {measured:F2} ± {1.96 * answer.StandardErrorPercent:F2} % measured on the validation images (95 %), "
                    + $"{answer.PredictedTop1Percent:F2} % predicted\n")
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"      {answer.PredictedTop1Percent:F2} % PREDICTED, not measured; "
                    + $"held-out predictions are off by {best.Predictor.RmsePoints:F2} points (RMSE)\n"));
        foreach (var (name, latency) in answer.LatencyUs)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"      {latency.MedianUs:F1} µs on {name} ({100 * (best.Confidence ?? 0.95):0.#} % interval {latency.LowUs:F1} "
                + $"to {latency.HighUs:F1})\n");
        }

        return screen.Fold(text.Append(FrontText.Of(best.Predictor)).Append('\n').ToString());
    }
}
