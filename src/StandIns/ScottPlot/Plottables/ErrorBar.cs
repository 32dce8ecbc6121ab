namespace ScottPlot.Plottables;

/// <summary>How uncertain places are, as capped bars; errors are distances from the place, and may be missing or NaN.</summary>
public class ErrorBar : IPlottable
{
    public ErrorBar(
        IReadOnlyList<double> xs, IReadOnlyList<double> ys,
        IReadOnlyList<double>? xErrorsPositive, IReadOnlyList<double>? xErrorsNegative,
        IReadOnlyList<double>? yErrorsPositive, IReadOnlyList<double>? yErrorsNegative)
    {
        foreach (IReadOnlyList<double>? other in (IReadOnlyList<double>?[])[ys, xErrorsPositive, xErrorsNegative, yErrorsPositive, yErrorsNegative])
        {
            if (other is not null && other.Count != xs.Count)
                throw new ArgumentException($"{xs.Count} xs, but a list of {other.Count} beside them: all must be as long.");
        }
        (Xs, Ys) = (xs, ys);
        (XErrorPositive, XErrorNegative, YErrorPositive, YErrorNegative) = (xErrorsPositive, xErrorsNegative, yErrorsPositive, yErrorsNegative);
    }

    public bool IsVisible { get; set; } = true;
    public string LegendText { get; set; } = string.Empty;

    public IReadOnlyList<double> Xs { get; set; }
    public IReadOnlyList<double> Ys { get; set; }
    public IReadOnlyList<double>? XErrorPositive { get; set; }
    public IReadOnlyList<double>? XErrorNegative { get; set; }
    public IReadOnlyList<double>? YErrorPositive { get; set; }
    public IReadOnlyList<double>? YErrorNegative { get; set; }

    public LineStyle LineStyle { get; set; } = new();
    public float LineWidth { get => LineStyle.Width; set => LineStyle.Width = value; }
    public Color LineColor { get => LineStyle.Color; set => LineStyle.Color = value; }
    public Color Color { get => LineStyle.Color; set => LineStyle.Color = value; }

    /// <summary>Half the length of a cap, in pixels.</summary>
    public float CapSize { get; set; } = 3;

    public IEnumerable<LegendItem> LegendItems => [new() { LabelText = LegendText, LineStyle = LineStyle }];

    public AxisLimits GetAxisLimits()
    {
        AxisLimits box = AxisLimits.NoLimits;
        for (int i = 0; i < Xs.Count; i++)
        {
            if (!double.IsFinite(Xs[i]) || !double.IsFinite(Ys[i])) continue;
            box = Limits.Including(box, Xs[i] - Error(XErrorNegative, i), Ys[i] - Error(YErrorNegative, i));
            box = Limits.Including(box, Xs[i] + Error(XErrorPositive, i), Ys[i] + Error(YErrorPositive, i));
        }
        return box;
    }

    public void Render(RenderPack rp)
    {
        for (int i = 0; i < Xs.Count; i++)
        {
            if (!double.IsFinite(Xs[i]) || !double.IsFinite(Ys[i])) continue;
            if (Error(XErrorNegative, i) + Error(XErrorPositive, i) > 0)
            {
                Pixel from = rp.GetPixel(Xs[i] - Error(XErrorNegative, i), Ys[i]), to = rp.GetPixel(Xs[i] + Error(XErrorPositive, i), Ys[i]);
                rp.Canvas.Line(from.X, from.Y, to.X, to.Y, LineStyle);
                foreach (Pixel end in (Pixel[])[from, to]) rp.Canvas.Line(end.X, end.Y - CapSize, end.X, end.Y + CapSize, LineStyle);
            }
            if (Error(YErrorNegative, i) + Error(YErrorPositive, i) > 0)
            {
                Pixel from = rp.GetPixel(Xs[i], Ys[i] - Error(YErrorNegative, i)), to = rp.GetPixel(Xs[i], Ys[i] + Error(YErrorPositive, i));
                rp.Canvas.Line(from.X, from.Y, to.X, to.Y, LineStyle);
                foreach (Pixel end in (Pixel[])[from, to]) rp.Canvas.Line(end.X - CapSize, end.Y, end.X + CapSize, end.Y, LineStyle);
            }
        }
    }

    private static double Error(IReadOnlyList<double>? errors, int i) => errors is not null && double.IsFinite(errors[i]) ? errors[i] : 0;
}
