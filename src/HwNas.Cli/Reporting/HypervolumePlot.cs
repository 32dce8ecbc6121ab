using System.Globalization;
using HwNas.Core;
using HwNas.Core.Search;
using ScottPlot;

namespace HwNas.Cli.Reporting;

/// <summary>
/// Draws the course of a search: the hypervolume of the front against the evaluations, a marker for each batch.
/// </summary>
internal static class HypervolumePlot
{
    // Of many batches the markers would be a thick line.
    private const int MostMarkers = 60;

    /// <param name="course">The course.</param>
    /// <param name="path">The picture.</param>
    /// <param name="search">The search whose course it is; null where it has no name.</param>
    /// <exception cref="InputException">No line has a hypervolume, or the picture cannot be written.</exception>
    public static void Save(IReadOnlyList<SearchMetric> course, string path, string? search = null)
    {
        var known = course.Where(metric => metric.Hypervolume is > -1e30 and < 1e30).ToList();
        if (known.Count == 0)
        {
            throw new InputException(
                "The course of the search holds no hypervolume to draw: it finished no batch yet, or its front is too large for "
                + "its number of objectives.");
        }

        PlotFile.Save(() => Draw(known, search), path);
    }

    private static Plot Draw(List<SearchMetric> course, string? search)
    {
        var plot = new Plot();
        double[] evaluations = [.. course.Select(metric => (double)metric.Evaluations)];
        double[] volumes = [.. course.Select(metric => metric.Hypervolume!.Value)];
        var line = plot.Add.Scatter(evaluations, volumes, Color.FromHex("0072B2"));
        line.LineWidth = 2;
        line.MarkerSize = course.Count > MostMarkers ? 0 : 7;
        var last = course[^1];
        line.LegendText = string.Create(
            CultureInfo.InvariantCulture,
            $"{volumes[^1]:G5} after {Plural.Of(last.Evaluations, "evaluation")}, {last.FrontSize} on the front, "
            + $"{last.ElapsedSeconds:G3} s");
        var (low, high) = (volumes.Min(), volumes.Max());
        var margin = high - low > 1e-9 * Math.Abs(high) ? .08 * (high - low) : Math.Max(1e-9, .05 * Math.Abs(high));
        plot.Axes.SetLimits(0, Math.Max(1, evaluations[^1] * 1.04), low - margin, high + margin);
        PlotFile.Style(
            plot, $"Hypervolume of the front over evaluations{(search is null ? "" : $": {search}")}", "Evaluated networks",
            "Hypervolume: what the front is better than");
        return plot;
    }
}
