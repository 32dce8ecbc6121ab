using HwNas.Core;
using HwNas.Core.Devices.Measurement;

namespace HwNas.Cli.Reporting;

/// <summary>Shows how far a measurement has come on a progress line.</summary>
internal sealed class MeasurementReporter(ProgressLine line) : IProgress<MeasurementProgress>
{
    public void Report(MeasurementProgress value)
    {
        if (value.AtMost > TimeSpan.Zero)
            {
            line.Report(
                value.Elapsed.TotalSeconds, value.AtMost.TotalSeconds,
                $"{value.Stage}, {Plural.Of(value.Passes, "pass", "passes")}");
        }
    }
}
