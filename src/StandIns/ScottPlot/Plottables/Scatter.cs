using ScottPlot.Canvases;

namespace ScottPlot.Plottables;

/// <summary>Points joined by a line; where a coordinate is not a number the line is broken and no marker drawn.</summary>
public class Scatter : IPlottable
{
    private readonly double[] xs, ys;

    internal Scatter(double[] xs, double[] ys)
    {
        if (xs.Length != ys.Length)
            throw new ArgumentException($"{xs.Length} xs and {ys.Length} ys: there must be as many of both.");
        (this.xs, this.ys) = (xs, ys);
    }

    public bool IsVisible { get; set; } = true;
    public string LegendText { get; set; } = string.Empty;

    public LineStyle LineStyle { get; set; } = new();
    public float LineWidth { get => LineStyle.Width; set => LineStyle.Width = value; }
    public LinePattern LinePattern { get => LineStyle.Pattern; set => LineStyle.Pattern = value; }
    public Color LineColor { get => LineStyle.Color; set => LineStyle.Color = value; }

    public MarkerStyle MarkerStyle { get; set; } = new();
    public MarkerShape MarkerShape { get => MarkerStyle.Shape; set => MarkerStyle.Shape = value; }
    public float MarkerSize { get => MarkerStyle.Size; set => MarkerStyle.Size = value; }
    public Color MarkerFillColor { get => MarkerStyle.FillColor; set => MarkerStyle.FillColor = value; }
    public Color MarkerLineColor { get => MarkerStyle.LineColor; set => MarkerStyle.LineColor = value; }
    public float MarkerLineWidth { get => MarkerStyle.LineWidth; set => MarkerStyle.LineWidth = value; }

    public Color Color
    {
        get => LineStyle.Color;
        set => (LineColor, MarkerFillColor, MarkerLineColor) = (value, value, value);
    }

    public IEnumerable<LegendItem> LegendItems =>
        [new() { LabelText = LegendText, LineStyle = LineStyle, MarkerStyle = MarkerStyle }];

    public AxisLimits GetAxisLimits() => Limits.Of(xs, ys);

    public void Render(RenderPack rp)
    {
        var run = new List<Pixel>(xs.Length);
        for (int i = 0; i <= xs.Length; i++)
        {
            if (i < xs.Length && double.IsFinite(xs[i]) && double.IsFinite(ys[i]))
            {
                run.Add(rp.GetPixel(xs[i], ys[i]));
                continue;
            }
            if (run.Count > 1 && LineStyle.Draws) rp.Canvas.Path([.. run], closed: false, LineStyle, Colors.Transparent);
            foreach (Pixel pixel in run) MarkerPainter.Draw(rp.Canvas, pixel, MarkerStyle);
            run.Clear();
        }
    }
}
