using HwNas.Core.Search;

namespace HwNas.Cli.Reporting;

/// <summary>Turns a front into rows and pictures.</summary>
internal static class FrontRows
{
    /// <summary>A subnet as the tables show it, with the latency on the first device.</summary>
    public static FrontRow Of(FrontFile front, FrontSubnet subnet) => new(
        subnet.Id, subnet.Top1Percent, subnet.LatencyUs.Count > 0 ? subnet.LatencyUs.Values.First().MedianUs : null,
        MeasuredUs: null, subnet.Macs, subnet.Params)
    {
        IsChosen = subnet.Id == front.Chosen,
    };

    /// <summary>The picture of a front: accuracy over latency, one series a device; over MACs where there is no device.</summary>
    public static ParetoPicture Picture(FrontFile front)
    {
        var devices = front.Profiles.Select(profile => profile.Name).ToList();
        var limited = front.Budgets.FirstOrDefault(budget => budget.Cost.StartsWith(devices.Count > 0 ? "latency_us@" : "macs", StringComparison.Ordinal));
        return new ParetoPicture(
            $"{front.Space.Name}: accuracy over {(devices.Count > 0 ? "latency" : "MACs")}",
            devices.Count > 0 ? "Predicted latency (µs)" : "Multiply-accumulates (millions)",
            "Validation top-1 accuracy (%)",
            devices.Count > 0 ? [.. devices.Select(device => Series(front, device))] : [Series(front, null)])
        {
            CostUnit = devices.Count > 0 ? "µs" : "M",
            CostBudget = limited is null ? null : devices.Count > 0 ? limited.Limit : limited.Limit / 1e6,
        };
    }

    private static ParetoSeries Series(FrontFile front, string? device)
    {
        ParetoPoint Point(FrontSubnet subnet)
        {
            var accuracy = new Interval(subnet.Top1Percent - (1.96 * subnet.StandardErrorPercent), subnet.Top1Percent + (1.96 * subnet.StandardErrorPercent));
            if (device is null)
                return new ParetoPoint(subnet.Macs / 1e6, subnet.Top1Percent, null, accuracy);
            var latency = subnet.LatencyUs[device];
            return new ParetoPoint(latency.MedianUs, subnet.Top1Percent, new Interval(latency.LowUs, latency.HighUs), accuracy);
        }

        return new ParetoSeries(
            device ?? front.Space.Name,
            [.. front.Subnets.Select(Point)],
            [.. front.Front().Select(Point).OrderBy(point => point.Cost)],
            Point(front.Subnets.First(subnet => subnet.Id == front.Chosen)));
    }
}
