using System.Globalization;
using System.Text;
using HwNas.Core;
using HwNas.Core.Predictors;
using HwNas.Core.Search;

namespace HwNas.Cli.Reporting;

/// <summary>
/// What a search found, for a person: a table for each device, and how well accuracy could have been predicted.
/// </summary>
internal static class FrontText
{
    public static string Of(FrontFile front, Screen screen)
    {
        var text = new StringBuilder();
        var isJoint = front.Fronts.Length > 1 || front.Objectives.Length > 2;
        if (!isJoint)
        {
            var rows = FrontRows.Sorted(front).Select(subnet => FrontRows.Of(front, subnet));
            text.Append(new FrontTable([.. rows]).ToText(screen));
        }
        else
        {
            foreach (var costs in front.Fronts)
            {
                var rows = front.FrontOver(costs.Cost).Select(subnet => FrontRows.Of(front, subnet, costs.Cost)).ToList();
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"accuracy over {front.MetricOf(costs.Cost).Scale.Label}: {Plural.Of(rows.Count, "subnet")}\n"
                    + $"{new FrontTable(rows).ToText(screen)}\n");
            }

            text.Append(
                CultureInfo.InvariantCulture,
                $"front over all of {string.Join(", ", front.Objectives.Select(name => front.MetricOf(name).Scale.Label))}: "
                + $"{Plural.Of(front.Front().Count(), "subnet")}, see front.json\n");
            text.Append(CultureInfo.InvariantCulture, $"chosen: {front.Chosen}\n");
        }

        return screen.Fold(text.Append(front.Predictor is { } report ? Of(report) + "\n" : "").ToString());
    }

    /// <summary>How well a predictor does, beside what MACs alone tell.</summary>
    public static string Of(PredictorReport report) => string.Create(
        CultureInfo.InvariantCulture,
        $"predictor: fitted on {report.Training} of {report.HeldOut} subnets: held-out Kendall τ {report.KendallTau:F2}, "
        + $"RMSE {report.RmsePoints:F2} points; MACs alone τ {report.MacsKendallTau:F2}, RMSE {report.MacsRmsePoints:F2}");
}
