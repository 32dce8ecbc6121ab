using ScottPlot.Plottables;

namespace ScottPlot;

/// <summary>Makes plottables and puts them on the plot, above those that are there.</summary>
public class PlottableAdder
{
    private static readonly Color[] Category10 = [.. "1f77b4 ff7f0e 2ca02c d62728 9467bd 8c564b e377c2 7f7f7f bcbd22 17becf".Split(' ').Select(Color.FromHex)];

    private readonly Plot plot;

    internal PlottableAdder(Plot plot) => this.plot = plot;

    public Color GetNextColor() => Category10[plot.PlottableList.Count % Category10.Length];

    public IPlottable Plottable(IPlottable plottable)
    {
        plot.PlottableList.Add(plottable);
        return plottable;
    }

    public Scatter Scatter(double[] xs, double[] ys, Color? color = null) =>
        Added(new Scatter(xs, ys) { Color = color ?? GetNextColor() });

    public Scatter ScatterLine(double[] xs, double[] ys, Color? color = null)
    {
        Scatter scatter = Scatter(xs, ys, color);
        scatter.MarkerSize = 0;
        return scatter;
    }

    public Scatter ScatterPoints(double[] xs, double[] ys, Color? color = null)
    {
        Scatter scatter = Scatter(xs, ys, color);
        scatter.LineWidth = 0;
        return scatter;
    }

    public Marker Marker(double x, double y, MarkerShape shape = MarkerShape.FilledCircle, float size = 10, Color? color = null) =>
        Added(new Marker { X = x, Y = y, Shape = shape, Size = size, Color = color ?? GetNextColor() });

    public ErrorBar ErrorBar(IReadOnlyList<double> xs, IReadOnlyList<double> ys, IReadOnlyList<double> yErrors) =>
        Added(new ErrorBar(xs, ys, null, null, yErrors, yErrors) { Color = GetNextColor() });

    public Text Text(string text, double x, double y) => Added(new Text { LabelText = text, Location = new Coordinates(x, y) });

    public VerticalLine VerticalLine(double x, float width = 2, Color? color = null, LinePattern pattern = default) =>
        Added(new VerticalLine { X = x, LineWidth = width, LineColor = color ?? GetNextColor(), LinePattern = pattern });

    public HorizontalLine HorizontalLine(double y, float width = 2, Color? color = null, LinePattern pattern = default) =>
        Added(new HorizontalLine { Y = y, LineWidth = width, LineColor = color ?? GetNextColor(), LinePattern = pattern });

    private T Added<T>(T plottable) where T : IPlottable
    {
        plot.PlottableList.Add(plottable);
        return plottable;
    }
}
