using HwNas.Cli.Runs;
using HwNas.Core.Devices;
using HwNas.Core.Search;

namespace HwNas.Cli.Reporting;

/// <summary>Turns a front into rows and pictures.</summary>
internal static class FrontRows
{
    private const string LatencyPrefix = "latency_us@";

    /// <summary>A subnet as the tables show it, with the latency of a cost, or where that is none, on the first device.</summary>
    public static FrontRow Of(FrontFile front, FrontSubnet subnet, string? cost = null)
    {
        var device = DeviceOf(cost) ?? front.Profiles.Select(profile => profile.Name).FirstOrDefault();
        LatencyEstimate? latency = device is null ? null : subnet.LatencyUs[device];
        return new FrontRow(subnet.Id, subnet.Top1Percent, latency?.MedianUs, MeasuredUs: null, subnet.Macs, subnet.Params)
        {
            PredictedIntervalUs = IntervalOf(latency),
            IsChosen = subnet.Id == front.Chosen,
        };
    }

    /// <summary>A metric as people call it.</summary>
    public static string NameOf(string metric) => metric switch
    {
        SubnetProblem.Accuracy => "accuracy",
        "macs" => "MACs",
        "params" => "parameters",
        "peak_activation_bytes" => "peak memory",
        "model_bytes" => "model size",
        _ => DeviceOf(metric) is { } device ? $"latency on {device}" : metric,
    };

    /// <summary>The picture of a front: accuracy over latency, one series a device; over the first other cost where there is no device.</summary>
    public static ParetoPicture Picture(FrontFile front)
    {
        var latencies = front.Fronts.Select(f => f.Cost).Where(cost => DeviceOf(cost) is not null).ToList();
        var costs = latencies.Count > 0 ? latencies : [front.Fronts[0].Cost];
        var (label, unit, divisor) = AxisOf(costs[0]);
        var limits = front.Budgets.Where(budget => costs.Contains(budget.Cost)).ToList();
        return new ParetoPicture(
            $"{front.Space.Name}: accuracy over {(latencies.Count > 0 ? "latency" : NameOf(costs[0]))}", label, "Validation top-1 accuracy (%)",
            [.. costs.Select(cost => Series(front, cost, divisor))])
        {
            CostUnit = unit,

            // Of several devices' limits none is the limit of the picture.
            CostBudget = limits.Count == 1 ? limits[0].Limit / divisor : null,
        };
    }

    /// <summary>The interval of a latency, where there is one.</summary>
    public static Interval? IntervalOf(LatencyEstimate? latency) => latency is { } known ? new Interval(known.LowUs, known.HighUs) : null;

    private static string? DeviceOf(string? cost) => cost?.StartsWith(LatencyPrefix, StringComparison.Ordinal) == true ? cost[LatencyPrefix.Length..] : null;

    private static (string Label, string Unit, double Divisor) AxisOf(string cost) => cost switch
    {
        "macs" => ("Multiply-accumulates (millions)", "M", 1e6),
        "params" => ("Parameters (millions)", "M", 1e6),
        "peak_activation_bytes" => ("Peak activation memory (kB)", "kB", 1e3),
        "model_bytes" => ("Model size (kB)", "kB", 1e3),
        _ => ("Predicted latency (µs)", "µs", 1),
    };

    private static ParetoSeries Series(FrontFile front, string cost, double divisor)
    {
        var device = DeviceOf(cost);
        return new ParetoSeries(
            device ?? front.Space.Name,
            [.. front.Subnets.Select(Point)],
            [.. front.FrontOver(cost).Select(Point)],
            Point(front.Subnets.First(subnet => subnet.Id == front.Chosen)));

        ParetoPoint Point(FrontSubnet subnet)
        {
            var accuracy = new Interval(subnet.Top1Percent - (1.96 * subnet.StandardErrorPercent), subnet.Top1Percent + (1.96 * subnet.StandardErrorPercent));
            return device is not null && subnet.LatencyUs[device] is var latency
                ? new ParetoPoint(latency.MedianUs, subnet.Top1Percent, IntervalOf(latency), accuracy)
                : new ParetoPoint(CountOf(subnet, cost) / divisor, subnet.Top1Percent, null, accuracy);
        }
    }

    private static double CountOf(FrontSubnet subnet, string cost) => cost switch
    {
        "macs" => subnet.Macs,
        "params" => subnet.Params,
        "peak_activation_bytes" => subnet.PeakActivationBytes,
        _ => subnet.ModelBytes,
    };
}
