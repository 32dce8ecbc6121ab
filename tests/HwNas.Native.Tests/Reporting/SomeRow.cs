using HwNas.Cli.Reporting;
using HwNas.Core.Metrics;

namespace HwNas.Native.Tests.Reporting;

/// <summary>A row of a front with the two costs that all of them have.</summary>
internal static class SomeRow
{
    public static FrontRow Of(
        string name, double accuracyPercent, double? predictedUs, double? measuredUs, long macs, long parameters) =>
        new(name, accuracyPercent, predictedUs, measuredUs)
        {
            Costs = [(CountMetrics.Macs, macs), (CountMetrics.Params, parameters)],
        };
}
