using HwNas.Core;
using HwNas.Core.Devices.Measurement;
using HwNas.Core.Search;

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

/// <summary>
/// Shows every batch of a search on the live line, and keeps it in the file of the search's course where there is one.
/// </summary>
internal sealed class SearchReporter(ProgressLine line, SearchMetrics? metrics) : IProgress<SearchProgress>
{
    /// <summary>Evaluations so far.</summary>
    public int Evaluations { get; private set; }

    public void Report(SearchProgress value)
    {
        Evaluations = value.Evaluations;
        metrics?.Report(value);
        line.Report(
            value.Evaluations, value.TotalEvaluations,
            $"{value.Evaluations} of {value.TotalEvaluations} evaluated, {value.FrontSize} on the front");
    }
}

/// <summary>Shows on a progress line how far work on several models is.</summary>
internal sealed class ModelReporter(ProgressLine line) : IProgress<ModelProgress>
{
    public void Report(ModelProgress value) => line.Report(value.Done, value.Models, value.Name);
}
