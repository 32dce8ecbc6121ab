namespace ScottPlot.Plottables;

/// <summary>A line across the whole data area; it does not widen the automatic limits along itself.</summary>
public abstract class AxisLine : IPlottable
{
    public bool IsVisible { get; set; } = true;
    public string LegendText { get; set; } = string.Empty;
    public LineStyle LineStyle { get; set; } = new();
    public float LineWidth { get => LineStyle.Width; set => LineStyle.Width = value; }
    public LinePattern LinePattern { get => LineStyle.Pattern; set => LineStyle.Pattern = value; }
    public Color LineColor { get => LineStyle.Color; set => LineStyle.Color = value; }

    public IEnumerable<LegendItem> LegendItems => [new() { LabelText = LegendText, LineStyle = LineStyle }];

    public abstract AxisLimits GetAxisLimits();

    public abstract void Render(RenderPack rp);
}

public class VerticalLine : AxisLine
{
    public double X { get; set; }

    public override AxisLimits GetAxisLimits() => new(X, X, double.NaN, double.NaN);

    public override void Render(RenderPack rp)
    {
        float x = rp.GetPixel(X, 0).X;
        if (double.IsFinite(X)) rp.Canvas.Line(x, rp.DataRect.Bottom, x, rp.DataRect.Top, LineStyle);
    }
}

public class HorizontalLine : AxisLine
{
    public double Y { get; set; }

    public override AxisLimits GetAxisLimits() => new(double.NaN, double.NaN, Y, Y);

    public override void Render(RenderPack rp)
    {
        float y = rp.GetPixel(0, Y).Y;
        if (double.IsFinite(Y)) rp.Canvas.Line(rp.DataRect.Left, y, rp.DataRect.Right, y, LineStyle);
    }
}
