using HwNas.Core.Devices;
using HwNas.Core.Metrics;
using HwNas.Core.Search;

namespace HwNas.Cli.Reporting;

/// <summary>Turns a front into rows and pictures.</summary>
internal static class FrontRows
{
    /// <summary>A subnet as the tables show it, with the latency of a cost, or where that is none, on the first device.</summary>
    public static FrontRow Of(FrontFile front, FrontSubnet subnet, string? cost = null)
    {
        var device = (cost is null ? null : front.MetricOf(cost).Device)
            ?? front.Profiles.Select(profile => profile.Name).FirstOrDefault();
        LatencyEstimate? latency = device is null ? null : subnet.LatencyUs[device];
        return new FrontRow(subnet.Id, subnet.Top1Percent, latency?.MedianUs, MeasuredUs: null)
        {
            Costs = Costs(front.Metrics, front.Objectives.Concat(front.Budgets.Select(budget => budget.Cost)), subnet.Costs),
            PredictedIntervalUs = IntervalOf(latency),
            IsChosen = subnet.Id == front.Chosen,
        };
    }

    /// <summary>The subnets of the front, by the cost that it is about, the cheapest first.</summary>
    public static IEnumerable<FrontSubnet> Sorted(FrontFile front)
    {
        var cost = front.Fronts[0].Cost;
        return front.Front().OrderBy(
            subnet => front.MetricOf(cost).Device is { } device ? subnet.LatencyUs[device].MedianUs : subnet.Costs[cost]);
    }

    /// <summary>
    /// The picture of a front: accuracy over latency, one series a device; over the first
    /// other cost where there is no device.
    /// </summary>
    public static ParetoPicture Picture(FrontFile front)
    {
        var latencies = front.Fronts.Select(f => f.Cost).Where(cost => front.MetricOf(cost).Device is not null).ToList();
        var costs = latencies.Count > 0 ? latencies : [front.Fronts[0].Cost];
        var scale = Readable(front, costs[0]);
        var over = latencies.Count > 1 ? "latency" : scale.Label;

        // What else was limited has no place on the axis, but explains why better subnets are not on the front.
        var within = front.Budgets.Where(budget => !costs.Contains(budget.Cost)).Select(budget => $", {Limit(front, budget)}");
        return new ParetoPicture(
            $"{front.Space.Name}, {front.Name}: accuracy over {over}{string.Concat(within)}",
            AxisOf(scale), AxisOf(Metric.Accuracy.Scale),
            [.. costs.Select(cost => Series(front, cost, scale.Divisor))])
        {
            CostUnit = scale.Unit,
        };
    }

    /// <summary>
    /// The costs that a table shows: MACs and parameters, what was optimised or limited, and every metric of the user's own.
    /// Latencies have columns of their own.
    /// </summary>
    /// <param name="metrics">The metrics that are known.</param>
    /// <param name="asked">The names of those that were optimised or limited.</param>
    /// <param name="costs">A subnet's values by name.</param>
    public static IReadOnlyList<(Metric Metric, double Value)> Costs(
        IEnumerable<Metric> metrics, IEnumerable<string> asked, IReadOnlyDictionary<string, double> costs)
    {
        string[] shown = [.. CountMetrics.Shown.Select(metric => metric.Name), .. asked];
        return
        [
            .. metrics.Where(metric => metric.Device is null
                && (shown.Contains(metric.Name) || CountMetrics.All.All(count => count.Name != metric.Name)))
                .Select(metric => (metric, costs[metric.Name])),
        ];
    }

    /// <summary>The interval of a latency, where there is one.</summary>
    public static Interval? IntervalOf(LatencyEstimate? latency) =>
        latency is { } known ? new Interval(known.LowUs, known.HighUs) : null;

    // Counts in the prefix of the largest that is drawn, as a reader would write it: 66.8 k, not 0.07 M.
    private static MetricScale Readable(FrontFile front, string cost)
    {
        var metric = front.MetricOf(cost);
        if (metric.Scale.Divisor == 1)
            return metric.Scale;
        var (divisor, prefix) = front.Subnets.Max(subnet => subnet.Costs[cost]) switch
        {
            >= 1e9 => (1e9, "G"),
            >= 1e6 => (1e6, "M"),
            >= 1e3 => (1e3, "k"),
            _ => (1, ""),
        };
        return metric.Scale with { Divisor = divisor, Unit = metric.Unit == "bytes" ? prefix + "B" : prefix };
    }

    private static string AxisOf(MetricScale scale) => scale.Unit.Length > 0 ? $"{scale.Axis} ({scale.Unit})" : scale.Axis;

    /// <summary>A budget in words: MACs up to 1.50 M.</summary>
    public static string Limit(FrontFile front, Budget budget)
    {
        var metric = front.MetricOf(budget.Cost);
        return $"{metric.Scale.Label} up to {Figures.Of(metric, budget.Limit)}";
    }

    private static ParetoSeries Series(FrontFile front, string cost, double divisor)
    {
        var device = front.MetricOf(cost).Device;
        return new ParetoSeries(
            device ?? front.Space.Name,
            [.. front.Subnets.Select(Point)],
            [.. front.FrontOver(cost).Select(Point)],
            Point(front.Subnets.First(subnet => subnet.Id == front.Chosen)))
        {
            Budget = front.Budgets.FirstOrDefault(budget => budget.Cost == cost)?.Limit / divisor,
        };

        ParetoPoint Point(FrontSubnet subnet)
        {
            var accuracy = new Interval(
                subnet.Top1Percent - (1.96 * subnet.StandardErrorPercent),
                subnet.Top1Percent + (1.96 * subnet.StandardErrorPercent));
            return device is not null && subnet.LatencyUs[device] is var latency
                ? new ParetoPoint(latency.MedianUs, subnet.Top1Percent, IntervalOf(latency), accuracy)
                : new ParetoPoint(subnet.Costs[cost] / divisor, subnet.Top1Percent, null, accuracy);
        }
    }
}
