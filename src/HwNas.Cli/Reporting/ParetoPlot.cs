using System.Globalization;
using HwNas.Core.Metrics;
using ScottPlot;
using ScottPlot.Plottables;
using ScottPlot.TickGenerators;

namespace HwNas.Cli.Reporting;

/// <summary>
/// Draws accuracy over cost: all evaluated subnets faintly, each device's front as stairs with markers and error bars and its
/// budget dashed, the chosen subnet ringed.
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
        var isSeveral = picture.Series.Count > 1;
        var scale = CostScale.For(
            picture.Series.SelectMany(series => series.Evaluated.Concat(series.Front)).Select(point => point.Cost));
        var limits = SetLimits(plot, scale, picture);

        // What comes later lies on top.
        foreach (var (i, series) in picture.Series.Index())
            AddEvaluated(plot, scale, series, SeriesColors[i % SeriesColors.Length], isSeveral);
        foreach (var (i, series) in picture.Series.Index())
        {
            var color = isSeveral ? SeriesColors[i % SeriesColors.Length] : PlotFile.Ink;
            AddBudget(plot, scale, series, color, isSeveral ? $"{series.Name}: budget" : "Budget:", picture.CostUnit, limits);
        }

        foreach (var (i, series) in picture.Series.Index())
        {
            AddFront(
                plot, scale, series, SeriesColors[i % SeriesColors.Length], SeriesShapes[i % SeriesShapes.Length], isSeveral,
                picture.CostUnit);
        }

        var firstUnclear = picture.Series.FirstOrDefault(series => series.UnclearSteps.Count > 0);
        foreach (var (i, series) in picture.Series.Index())
        {
            AddUnclearSteps(
                plot, scale, series, SeriesColors[i % SeriesColors.Length], SeriesShapes[i % SeriesShapes.Length],
                series == firstUnclear);
        }

        foreach (var series in picture.Series)
            AddChosen(plot, scale, series, isSeveral, picture.CostUnit);

        if (scale.IsLogarithmic)
            plot.Axes.Bottom.TickGenerator = new NumericManual(CostScale.LogarithmicTicks(limits.Left, limits.Right));
        PlotFile.Style(
            plot, picture.Title, scale.IsLogarithmic ? $"{picture.CostLabel}, log scale" : picture.CostLabel,
            picture.AccuracyLabel);
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

    private static void AddEvaluated(Plot plot, CostScale scale, ParetoSeries series, Color color, bool isSeveral)
    {
        if (series.Evaluated.Count == 0)
            return;
        var points = plot.Add.ScatterPoints(
            series.Evaluated.Select(point => scale.Place(point.Cost)).ToArray(),
            series.Evaluated.Select(point => point.AccuracyPercent).ToArray(),
            (isSeveral ? color : Colors.Gray).WithAlpha(isSeveral ? .3 : .5));
        points.MarkerSize = 7;
        points.LegendText = isSeveral ? "" : $"Evaluated ({series.Evaluated.Count})";
    }

    private static void AddBudget(
        Plot plot, CostScale scale, ParetoSeries series, Color color, string name, string unit, Limits limits)
    {
        if (series.Budget is not { } budget || !double.IsFinite(scale.Place(budget)))
            return;
        var line = plot.Add.VerticalLine(scale.Place(budget), 2, color, LinePattern.DenselyDashed);
        var side = scale.Place(budget) > limits.Right
            ? " (further right)"
            : scale.Place(budget) < limits.Left ? " (further left)" : "";
        line.LegendText =
            string.Create(CultureInfo.InvariantCulture, $"{name} {budget:#,0.####} {unit}").TrimEnd() + side;
    }

    private static void AddFront(
        Plot plot, CostScale scale, ParetoSeries series, Color color, MarkerShape shape, bool isSeveral, string unit)
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
            LineWidth = 1.5f,
        });
        var line = plot.Add.Scatter(xs, ys, color);
        // Stairs: between two subnets a greater budget gives no more than the cheaper one.
        line.ConnectStyle = ConnectStyle.StepHorizontal;
        line.LineWidth = 2.5f;
        line.MarkerShape = shape;
        line.MarkerSize = 10;
        line.LegendText = isSeveral
            ? series.Name + (series.Chosen is { } chosen ? $", chosen: {TextOf(chosen, unit)}" : "")
            : $"Pareto front ({front.Count})";
    }

    // Hollow: what the front gains there may be chance.
    private static void AddUnclearSteps(
        Plot plot, CostScale scale, ParetoSeries series, Color color, MarkerShape shape, bool isFirst)
    {
        if (series.UnclearSteps is not { Count: > 0 } unclear)
            return;
        var points = plot.Add.ScatterPoints(
            unclear.Select(point => scale.Place(point.Cost)).ToArray(), unclear.Select(point => point.AccuracyPercent).ToArray(),
            color);
        points.MarkerShape = shape;
        points.MarkerSize = 10;
        points.MarkerFillColor = Colors.White;
        points.MarkerStyle.OutlineColor = color;
        points.MarkerStyle.OutlineWidth = 2.5f;
        points.LegendText = isFirst ? "Hollow: not clearly above a cheaper one" : "";
    }

    /// <summary>How far an error bar goes; nowhere where the bound is unknown or not beyond the point.</summary>
    private static double Reach(double from, double to) => to - from is > 0 and < 1e30 and var reach ? reach : 0;

    /// <summary>Rings the chosen subnet; its figures stand in the legend, where they hide nothing.</summary>
    private static void AddChosen(Plot plot, CostScale scale, ParetoSeries series, bool isSeveral, string unit)
    {
        if (series.Chosen is not { } chosen)
            return;
        var ring = plot.Add.Marker(scale.Place(chosen.Cost), chosen.AccuracyPercent, MarkerShape.OpenCircle, 19, PlotFile.Ink);
        ring.MarkerLineWidth = 2.5f;
        ring.LegendText = isSeveral ? "" : $"Chosen: {TextOf(chosen, unit)}";
    }

    /// <summary>
    /// Everything with its error bars, and a margin; budgets too where they are not far off. A single value
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
        var (nearLeft, nearRight) = (left - (right - left), right + (right - left));
        double[] budgets = [.. picture.Series.Select(series => scale.Place(series.Budget ?? double.NaN))
            .Where(place => place > nearLeft && place < nearRight)];
        if (budgets.Length > 0)
            (left, right) = Range([.. costs, .. budgets], AloneCost);

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

    private static string TextOf(ParetoPoint point, string unit) => string.Create(
        CultureInfo.InvariantCulture, $"{point.AccuracyPercent:F1} % at {Figures.Digits(point.Cost)} {unit}").TrimEnd();

    private readonly record struct Limits(double Left, double Right, double Bottom, double Top);
}
