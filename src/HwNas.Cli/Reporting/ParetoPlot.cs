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
        CostScale scale = CostScale.For(picture.Series.SelectMany(series => series.Evaluated.Concat(series.Front)).Select(point => point.Cost));

        for (int i = 0; i < picture.Series.Count; i++) AddEvaluated(plot, scale, picture.Series[i], SeriesColors[i % SeriesColors.Length], picture.Series.Count > 1);
        for (int i = 0; i < picture.Series.Count; i++)
        {
            AddFront(plot, scale, picture.Series[i], SeriesColors[i % SeriesColors.Length],
                SeriesShapes[i % SeriesShapes.Length], picture.Series.Count > 1, picture.CostUnit);
        }
        if (picture.CostBudget is { } budget)
        {
            VerticalLine line = plot.Add.VerticalLine(scale.Place(budget), 1.5f, PlotFile.Ink, LinePattern.DenselyDashed);
            line.LegendText = $"Budget: {Number(budget)} {picture.CostUnit}".TrimEnd();
        }

        Limits limits = SetLimits(plot, scale, picture);
        foreach (ParetoSeries series in picture.Series) AddChosen(plot, scale, series, picture, limits);
        if (scale.IsLogarithmic)
        {
            (double[] places, string[] labels) = CostScale.LogarithmicTicks(limits.Left, limits.Right);
            plot.Axes.Bottom.SetTicks(places, labels);
        }
        PlotFile.Style(plot, picture.Title, picture.CostLabel, picture.AccuracyLabel);
        plot.ShowLegend(EmptiestCorner(plot, scale, picture, limits));
        return plot;
    }

    private static void AddEvaluated(Plot plot, CostScale scale, ParetoSeries series, Color color, bool several)
    {
        if (series.Evaluated.Count == 0) return;
        Scatter points = plot.Add.ScatterPoints(
            series.Evaluated.Select(point => scale.Place(point.Cost)).ToArray(),
            series.Evaluated.Select(point => point.AccuracyPercent).ToArray(),
            (several ? color : Colors.Gray).WithAlpha(several ? .22 : .38));
        points.MarkerSize = 4.5f;
        points.LegendText = several ? "" : $"Evaluated ({series.Evaluated.Count})";
    }

    private static void AddFront(Plot plot, CostScale scale, ParetoSeries series, Color color, MarkerShape shape, bool several, string unit)
    {
        ParetoPoint[] front = [.. series.Front.OrderBy(point => point.Cost)];
        if (front.Length == 0) return;
        double[] xs = [.. front.Select(point => scale.Place(point.Cost))], ys = [.. front.Select(point => point.AccuracyPercent)];

        plot.Add.Plottable(new ErrorBar(xs, ys,
            [.. front.Select(point => scale.Place(point.CostInterval?.High ?? point.Cost) - scale.Place(point.Cost))],
            [.. front.Select(point => scale.Place(point.Cost) - scale.Place(point.CostInterval?.Low ?? point.Cost))],
            [.. front.Select(point => (point.AccuracyPercentInterval?.High ?? point.AccuracyPercent) - point.AccuracyPercent)],
            [.. front.Select(point => point.AccuracyPercent - (point.AccuracyPercentInterval?.Low ?? point.AccuracyPercent))])
        {
            Color = color.WithAlpha(.55),
        });
        Scatter line = plot.Add.Scatter(xs, ys, color);
        line.LineWidth = 2;
        line.MarkerShape = shape;
        line.MarkerSize = 8;
        line.LegendText = several ? string.Join(", ", series.Chosen is { } chosen ? [series.Name, Chosen(chosen, unit)] : new[] { series.Name }) : $"Pareto front ({front.Length})";
    }

    private static void AddChosen(Plot plot, CostScale scale, ParetoSeries series, ParetoPicture picture, Limits limits)
    {
        if (series.Chosen is not { } chosen) return;
        (double x, double y) = (scale.Place(chosen.Cost), chosen.AccuracyPercent);
        Marker ring = plot.Add.Marker(x, y, MarkerShape.OpenCircle, 17, PlotFile.Ink);
        ring.MarkerLineWidth = 2;

        // Of several series the texts would lie on each other: the legend has them.
        if (picture.Series.Count > 1) return;
        Text text = plot.Add.Text(Chosen(chosen, picture.CostUnit), x, y);
        text.LabelFontSize = 12;
        text.LabelFontColor = PlotFile.Ink;
        text.LabelBackgroundColor = Colors.White.WithAlpha(.75);
        text.LabelPadding = 2;
        // Below right of the point the front leaves room; at the right edge the text goes to the left, where above is free.
        bool atRightEdge = x > limits.Left + .72 * (limits.Right - limits.Left);
        bool atBottom = y < limits.Bottom + .12 * (limits.Top - limits.Bottom);
        text.LabelAlignment = (atRightEdge, atBottom) switch
        {
            (true, _) => Alignment.LowerRight,
            (false, true) => Alignment.MiddleLeft,
            (false, false) => Alignment.UpperLeft,
        };
        (text.OffsetX, text.OffsetY) = (atRightEdge ? -9 : 11, atRightEdge ? -9 : atBottom ? 0 : 8);
    }

    /// <summary>Everything with its error bars, and a margin; a single value gets a range that suits its kind.</summary>
    private static Limits SetLimits(Plot plot, CostScale scale, ParetoPicture picture)
    {
        ParetoPoint[] points = [.. picture.Series.SelectMany(series => series.Evaluated.Concat(series.Front))];
        (double left, double right) = Range(
            [.. points.SelectMany(point => new[] { point.Cost, point.CostInterval?.Low ?? double.NaN, point.CostInterval?.High ?? double.NaN })
                .Append(picture.CostBudget ?? double.NaN).Select(scale.Place)],
            alone: at => scale.IsLogarithmic ? .1 : Math.Max(Math.Abs(at) * .1, 1e-9));
        (double bottom, double top) = Range(
            [.. points.SelectMany(point => new[] { point.AccuracyPercent, point.AccuracyPercentInterval?.Low ?? double.NaN, point.AccuracyPercentInterval?.High ?? double.NaN })],
            alone: _ => 1);
        plot.Axes.SetLimits(left, right, bottom, top);
        return new Limits(left, right, bottom, top);
    }

    private static (double Low, double High) Range(double[] values, Func<double, double> alone)
    {
        double[] finite = [.. values.Where(double.IsFinite)];
        if (finite.Length == 0) return (0, 1);
        (double low, double high) = (finite.Min(), finite.Max());
        double margin = high > low ? .06 * (high - low) : alone(low);
        return (low - margin, high + margin);
    }

    /// <summary>The corner with the fewest points under a legend of usual size; the lower right one when several are free.</summary>
    private static Alignment EmptiestCorner(Plot plot, CostScale scale, ParetoPicture picture, Limits limits)
    {
        const double LegendWidth = .3, LegendHeight = .25;
        // A point of a front weighs more than one of the crowd.
        var places = picture.Series.SelectMany(series => series.Evaluated.Select(point => (point, Weight: 1)).Concat(series.Front.Select(point => (point, Weight: 20))))
            .Select(item => (X: (scale.Place(item.point.Cost) - limits.Left) / (limits.Right - limits.Left),
                Y: (item.point.AccuracyPercent - limits.Bottom) / (limits.Top - limits.Bottom), item.Weight)).ToArray();
        return new[] { Alignment.LowerRight, Alignment.UpperLeft, Alignment.UpperRight, Alignment.LowerLeft }.MinBy(corner =>
        {
            bool right = corner is Alignment.LowerRight or Alignment.UpperRight, upper = corner is Alignment.UpperLeft or Alignment.UpperRight;
            return places.Where(place => (right ? place.X > 1 - LegendWidth : place.X < LegendWidth)
                && (upper ? place.Y > 1 - LegendHeight : place.Y < LegendHeight)).Sum(place => place.Weight);
        });
    }

    private static string Chosen(ParetoPoint chosen, string unit) =>
        $"chosen: {Number(chosen.AccuracyPercent, 1)} % at {Number(chosen.Cost)} {unit}".TrimEnd();

    private static string Number(double value, int decimals = -1) => value.ToString(
        decimals >= 0 ? "F" + decimals : Math.Abs(value) >= 100 ? "#,0" : "0.##", CultureInfo.InvariantCulture);

    private readonly record struct Limits(double Left, double Right, double Bottom, double Top);
}
