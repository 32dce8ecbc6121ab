using System.Globalization;
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
        var volume = value.Hypervolume is { } known
            ? string.Create(CultureInfo.InvariantCulture, $", hypervolume {known:G5}")
            : "";
        line.Report(
            value.Evaluations, value.TotalEvaluations,
            $"{value.Evaluations} of {value.TotalEvaluations}, front {value.FrontSize}{volume}");
    }
}
