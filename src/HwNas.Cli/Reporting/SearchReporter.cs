using HwNas.Core.Search;

namespace HwNas.Cli.Reporting;

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
