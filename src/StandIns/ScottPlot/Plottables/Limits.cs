namespace ScottPlot.Plottables;

internal static class Limits
{
    /// <summary>The box around the points of which both coordinates are finite.</summary>
    public static AxisLimits Of(IReadOnlyList<double> xs, IReadOnlyList<double> ys)
    {
        AxisLimits box = AxisLimits.NoLimits;
        for (int i = 0; i < xs.Count; i++)
        {
            if (double.IsFinite(xs[i]) && double.IsFinite(ys[i])) box = Including(box, xs[i], ys[i]);
        }
        return box;
    }

    public static AxisLimits Including(AxisLimits box, double x, double y) => new(
        Least(box.Left, x), Largest(box.Right, x), Least(box.Bottom, y), Largest(box.Top, y));

    // Unlike Math.Min and Math.Max, these let the number win over "no opinion".
    private static double Least(double a, double b) => double.IsNaN(a) ? b : double.IsNaN(b) ? a : Math.Min(a, b);

    private static double Largest(double a, double b) => double.IsNaN(a) ? b : double.IsNaN(b) ? a : Math.Max(a, b);
}
