using System.Globalization;
using ScottPlot;
using ScottPlot.Plottables;

namespace HwNas.Cli.Reporting;

/// <summary>
/// Draws accuracy over cost: all evaluated subnets faintly, each device's front as a line with markers and error
/// bars, the chosen subnet ringed and named, the budget dashed.
/// </summary>
internal static class ParetoPlot
{
    // Okabe and Ito's colours, which people with colour-blindness can tell apart.
    private static readonly Color[] SeriesColors =
        [.. "0072B2 D55E00 009E73 CC79A7 E69F00 56B4E9".Split(' ').Select(Color.FromHex)];

    // Shapes too, for print in black and white.
    private static readonly MarkerShape[] SeriesShapes =
        [MarkerShape.FilledCircle, MarkerShape.FilledSquare, MarkerShape.FilledTriangleUp, MarkerShape.FilledDiamond];

    /// <summary>Writes the picture as the ending of <paramref name="path"/> says: .png, .svg or .pdf.</summary>
    /// <exception cref="HwNas.Core.InputException">Another ending, or a place that cannot be written.</exception>
    public static void Save(ParetoPicture picture, string path) => PlotFile.Save(() => Draw(picture), path);

    /// <summary>1800 by 1200 pixels.</summary>
    public static byte[] ToPng(ParetoPicture picture) => PlotFile.ToPng(() => Draw(picture));

    public static string ToSvg(ParetoPicture picture) => PlotFile.ToSvg(() => Draw(picture));

    private static Plot Draw(ParetoPicture picture)
    {
        var plot = new Plot();
        picture = picture with { Series = [.. picture.Series.Select(Placeable)] };
        var several = picture.Series.Count > 1;
        var scale = CostScale.For(
            picture.Series.SelectMany(series => series.Evaluated.Concat(series.Front)).Select(point => point.Cost));
        var limits = SetLimits(plot, scale, picture);

        for (var i = 0; i < picture.Series.Count; i++)
            AddEvaluated(plot, scale, picture.Series[i], SeriesColors[i % SeriesColors.Length], several);
        for (var i = 0; i < picture.Series.Count; i++)
        {
            AddFront(plot, scale, picture.Series[i], SeriesColors[i % SeriesColors.Length],
                SeriesShapes[i % SeriesShapes.Length], several, picture.CostUnit);
        }

        if (picture.CostBudget is { } budget && double.IsFinite(scale.Place(budget)))
        {
            var line = plot.Add.VerticalLine(scale.Place(budget), 1.5f, PlotFile.Ink, LinePattern.DenselyDashed);
            var side = scale.Place(budget) > limits.Right
                ? " (further right)"
                : scale.Place(budget) < limits.Left ? " (further left)"
                : "";
            line.LegendText = $"Budget: {Number(budget)} {picture.CostUnit}".TrimEnd() + side;
        }

        Text? chosen = null;
        foreach (var series in picture.Series)
            chosen = AddChosen(plot, scale, series, picture, limits);

        if (scale.IsLogarithmic)
        {
            var (places, labels) = CostScale.LogarithmicTicks(limits.Left, limits.Right);
            plot.Axes.Bottom.SetTicks(places, labels);
        }

        PlotFile.Style(plot, picture.Title, picture.CostLabel, picture.AccuracyLabel);
        PlotLegend.Place(
            plot, [.. picture.Series.SelectMany(series => Drawn(series, scale))], chosen?.LabelStyle.LastRenderPixelRect);
        return plot;
    }

    /// <summary>
    /// Without points that have no place on paper: not a number, infinite, or beyond what pixels can be computed of.
    /// </summary>
    private static ParetoSeries Placeable(ParetoSeries series)
    {
        static bool HasPlace(ParetoPoint point) => Math.Abs(point.Cost) < 1e30 && Math.Abs(point.AccuracyPercent) < 1e30;
        return series with
        {
            Evaluated = [.. series.Evaluated.Where(HasPlace)],
            Front = [.. series.Front.Where(HasPlace).OrderBy(point => point.Cost)],
            Chosen = series.Chosen is { } chosen && HasPlace(chosen) ? chosen : null,
        };
    }

    private static IEnumerable<PlotLegend.Drawn> Drawn(ParetoSeries series, CostScale scale)
    {
        double[] xs = [.. series.Front.Select(point => scale.Place(point.Cost))];
        double[] ys = [.. series.Front.Select(point => point.AccuracyPercent)];
        return series.Evaluated.Select(point => new PlotLegend.Drawn(scale.Place(point.Cost), point.AccuracyPercent, 1))
            .Concat(xs.Zip(ys, (x, y) => new PlotLegend.Drawn(x, y, PlotLegend.Important)))
            .Concat(PlotLegend.Along(xs, ys, weight: 20));
    }

    private static void AddEvaluated(Plot plot, CostScale scale, ParetoSeries series, Color color, bool several)
    {
        if (series.Evaluated.Count == 0)
            return;
        var points = plot.Add.ScatterPoints(
            series.Evaluated.Select(point => scale.Place(point.Cost)).ToArray(),
            series.Evaluated.Select(point => point.AccuracyPercent).ToArray(),
            (several ? color : Colors.Gray).WithAlpha(several ? .22 : .38));
        points.MarkerSize = 4.5f;
        points.LegendText = several ? "" : $"Evaluated ({series.Evaluated.Count})";
    }

    private static void AddFront(
        Plot plot, CostScale scale, ParetoSeries series, Color color, MarkerShape shape, bool several, string unit)
    {
        var front = series.Front;
        if (front.Count == 0)
            return;
        double[] xs = [.. front.Select(point => scale.Place(point.Cost))], ys = [.. front.Select(point => point.AccuracyPercent)];

        plot.Add.Plottable(new ErrorBar(xs, ys,
            [.. front.Select(point => Reach(scale.Place(point.Cost), scale.Place(point.CostInterval?.High ?? point.Cost)))],
            [.. front.Select(point => Reach(scale.Place(point.CostInterval?.Low ?? point.Cost), scale.Place(point.Cost)))],
            [.. front.Select(
                point => Reach(point.AccuracyPercent, point.AccuracyPercentInterval?.High ?? point.AccuracyPercent))],
            [.. front.Select(point => Reach(point.AccuracyPercentInterval?.Low ?? point.AccuracyPercent, point.AccuracyPercent))])
        {
            Color = color.WithAlpha(.55),
            LineWidth = 1.3f,
        });
        var line = plot.Add.Scatter(xs, ys, color);
        line.LineWidth = 2;
        line.MarkerShape = shape;
        line.MarkerSize = 8;
        line.LegendText = several
            ? string.Join(", ", series.Chosen is { } chosen ? [series.Name, Chosen(chosen, unit)] : new[] { series.Name })
            : $"Pareto front ({front.Count})";
    }

    /// <summary>How far an error bar goes; nowhere where the bound is unknown or not beyond the point.</summary>
    private static double Reach(double from, double to) => to - from is > 0 and < 1e30 and var reach ? reach : 0;

    /// <summary>Rings the chosen subnet; returns the text beside it, if there is one.</summary>
    private static Text? AddChosen(Plot plot, CostScale scale, ParetoSeries series, ParetoPicture picture, Limits limits)
    {
        if (series.Chosen is not { } chosen)
            return null;
        var (x, y) = (scale.Place(chosen.Cost), chosen.AccuracyPercent);
        var ring = plot.Add.Marker(x, y, MarkerShape.OpenCircle, 17, PlotFile.Ink);
        ring.MarkerLineWidth = 2;

        // Of several series the texts would lie on each other: the legend has them.
        if (picture.Series.Count > 1)
            return null;
        var text = plot.Add.Text(Chosen(chosen, picture.CostUnit), x, y);
        text.LabelFontColor = PlotFile.Ink;
        text.LabelBackgroundColor = Colors.White.WithAlpha(.75);
        text.LabelPadding = 2;
        // Below right of the point the front leaves room; at the right edge the text goes to the left, where above is free.
        var atRightEdge = x > limits.Left + .72 * (limits.Right - limits.Left);
        var atBottom = y < limits.Bottom + .12 * (limits.Top - limits.Bottom);
        text.LabelAlignment = (atRightEdge, atBottom) switch
        {
            (true, _) => Alignment.LowerRight,
            (false, true) => Alignment.MiddleLeft,
            (false, false) => Alignment.UpperLeft,
        };
        (text.OffsetX, text.OffsetY) = (atRightEdge ? -9 : 11, atRightEdge ? -9 : atBottom ? 0 : 8);
        return text;
    }

    /// <summary>
    /// Everything with its error bars, and a margin; the budget too where it is not far off. A single value
    /// gets a range that suits its kind.
    /// </summary>
    private static Limits SetLimits(Plot plot, CostScale scale, ParetoPicture picture)
    {
        ParetoPoint[] points = [.. picture.Series.SelectMany(series => series.Evaluated.Concat(series.Front))];
        double[] costs = [.. points.SelectMany(
            point => new[] { point.Cost, point.CostInterval?.Low ?? double.NaN, point.CostInterval?.High ?? double.NaN })
            .Select(scale.Place)];
        double AloneCost(double at) => scale.IsLogarithmic ? .1 : Math.Max(Math.Abs(at) * .1, 1e-9);
        var (left, right) = Range(costs, AloneCost);
        if (picture.CostBudget is { } budget
            && scale.Place(budget) is var place
            && place > left - (right - left)
            && place < right + (right - left))
        {
            (left, right) = Range([.. costs, place], AloneCost);
        }

        var (bottom, top) = Range(
            [.. points.SelectMany(point => new[]
            {
                point.AccuracyPercent, point.AccuracyPercentInterval?.Low ?? double.NaN,
                point.AccuracyPercentInterval?.High ?? double.NaN,
            })],
            at => Math.Max(1, Math.Abs(at) * 1e-6));
        plot.Axes.SetLimits(left, right, bottom, top);
        return new Limits(left, right, bottom, top);
    }

    private static (double Low, double High) Range(double[] values, Func<double, double> alone)
    {
        double[] finite = [.. values.Where(value => Math.Abs(value) < 1e30)];
        if (finite.Length == 0)
            return (0, 1);
        var (low, high) = (finite.Min(), finite.Max());
        // A span that is nothing beside the values themselves has no ticks that differ.
        var margin = high - low > 1e-9 * Math.Max(Math.Abs(low), Math.Abs(high)) ? .06 * (high - low) : alone(low);
        return (low - margin, high + margin);
    }

    private static string Chosen(ParetoPoint chosen, string unit) =>
        $"chosen: {Number(chosen.AccuracyPercent, 1)} % at {Number(chosen.Cost)} {unit}".TrimEnd();

    private static string Number(double value, int decimals = -1) => value.ToString(
        decimals >= 0 ? "F" + decimals : Math.Abs(value) >= 100 ? "#,0" : "0.##", CultureInfo.InvariantCulture);

    private readonly record struct Limits(double Left, double Right, double Bottom, double Top);
}
