using ScottPlot.Canvases;

namespace ScottPlot.Plottables;

/// <summary>One marked place.</summary>
public class Marker : IPlottable
{
    public double X { get; set; }
    public double Y { get; set; }
    public bool IsVisible { get; set; } = true;
    public string LegendText { get; set; } = string.Empty;

    public MarkerStyle MarkerStyle { get; set; } = new();
    public MarkerShape Shape { get => MarkerStyle.Shape; set => MarkerStyle.Shape = value; }
    public float Size { get => MarkerStyle.Size; set => MarkerStyle.Size = value; }
    public Color MarkerFillColor { get => MarkerStyle.FillColor; set => MarkerStyle.FillColor = value; }
    public Color MarkerLineColor { get => MarkerStyle.LineColor; set => MarkerStyle.LineColor = value; }
    public float MarkerLineWidth { get => MarkerStyle.LineWidth; set => MarkerStyle.LineWidth = value; }

    public Color Color
    {
        get => MarkerFillColor;
        set => (MarkerFillColor, MarkerLineColor) = (value, value);
    }

    public IEnumerable<LegendItem> LegendItems => [new() { LabelText = LegendText, MarkerStyle = MarkerStyle }];

    public AxisLimits GetAxisLimits() => Limits.Of([X], [Y]);

    public void Render(RenderPack rp)
    {
        if (double.IsFinite(X) && double.IsFinite(Y)) MarkerPainter.Draw(rp.Canvas, rp.GetPixel(X, Y), MarkerStyle);
    }
}
