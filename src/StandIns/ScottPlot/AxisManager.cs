namespace ScottPlot;

/// <summary>The four axes of a plot and the part of the plane that they show.</summary>
public class AxisManager
{
    private readonly Plot plot;
    private readonly XAxis bottom = new(Edge.Bottom), top = new(Edge.Top);
    private readonly YAxis left = new(Edge.Left), right = new(Edge.Right);
    private (double Left, double Right, double Bottom, double Top) margins = (.05, .05, .075, .075);

    internal AxisManager(Plot plot) => this.plot = plot;

    public IXAxis Bottom => bottom;
    public IYAxis Left => left;
    public IXAxis Top => top;
    public IYAxis Right => right;

    public TitlePanel Title { get; } = new();

    internal Axis X => bottom;

    internal Axis Y => left;

    public AxisLimits GetLimits() => new(bottom.Min, bottom.Max, left.Min, left.Max);

    public void SetLimits(double left, double right, double bottom, double top)
    {
        SetLimitsX(left, right);
        SetLimitsY(bottom, top);
    }

    public void SetLimitsX(double left, double right) => Set(bottom, left, right);

    public void SetLimitsY(double bottom, double top) => Set(left, bottom, top);

    /// <summary>Shows all data, with the margins around them.</summary>
    public void AutoScale()
    {
        ScaleX();
        ScaleY();
    }

    /// <summary>Shows all data with this part of their span as white space, half of it on either side.</summary>
    public void Margins(double horizontal = 0.1, double vertical = .15) =>
        Margins(horizontal / 2, horizontal / 2, vertical / 2, vertical / 2);

    public void Margins(double left = .05, double right = .05, double bottom = .07, double top = .07)
    {
        margins = (left, right, bottom, top);
        AutoScale();
    }

    /// <summary>Limits that nobody set are fitted to the data.</summary>
    internal void ScaleWhatIsUnset()
    {
        if (!bottom.IsSet) ScaleX();
        if (!left.IsSet) ScaleY();
    }

    private void ScaleX() => (bottom.Min, bottom.Max) =
        Fitted(plot.PlottableList.Select(item => item.GetAxisLimits()).SelectMany(limits => new[] { limits.Left, limits.Right }), margins.Left, margins.Right);

    private void ScaleY() => (left.Min, left.Max) =
        Fitted(plot.PlottableList.Select(item => item.GetAxisLimits()).SelectMany(limits => new[] { limits.Bottom, limits.Top }), margins.Bottom, margins.Top);

    private static (double Min, double Max) Fitted(IEnumerable<double> values, double marginBefore, double marginAfter)
    {
        double[] finite = [.. values.Where(double.IsFinite)];
        if (finite.Length == 0) return (-10, 10);
        double min = finite.Min(), max = finite.Max();
        // A span too small for the numbers' precision could not be told apart on the axis.
        double least = Math.Max(Math.Abs(min), Math.Abs(max)) * 1e-12;
        if (max - min <= least) return (min - Math.Max(1, least), max + Math.Max(1, least));
        return (min - marginBefore * (max - min), max + marginAfter * (max - min));
    }

    private static void Set(Axis axis, double min, double max)
    {
        if (!double.IsFinite(min) || !double.IsFinite(max) || min == max)
            throw new ArgumentException($"Axis limits must be two different finite numbers, not {min} and {max}.");
        (axis.Min, axis.Max) = (min, max);
    }
}

/// <summary>The heading above the data area.</summary>
public class TitlePanel
{
    public LabelStyle Label { get; } = new() { FontSize = 16, Bold = true, Alignment = Alignment.MiddleCenter };
}
