using ScottPlot.Canvases;

namespace ScottPlot;

/// <summary>Something that can be put on a plot.</summary>
public interface IPlottable
{
    bool IsVisible { get; set; }

    /// <summary>What the automatic limits must show; NaN for a side without an opinion.</summary>
    AxisLimits GetAxisLimits();

    /// <summary>The lines that this adds to the legend; those without a text are left out.</summary>
    IEnumerable<LegendItem> LegendItems { get; }

    void Render(RenderPack rp);
}

/// <summary>What a plottable needs in order to draw itself: only the stand-in's own can.</summary>
public sealed class RenderPack
{
    internal RenderPack(Canvas canvas, PixelRect dataRect, Axis x, Axis y) =>
        (Canvas, DataRect, this.x, this.y) = (canvas, dataRect, x, y);

    private readonly Axis x, y;

    internal Canvas Canvas { get; }

    internal PixelRect DataRect { get; }

    internal Pixel GetPixel(double valueX, double valueY) => new(
        (float)(DataRect.Left + x.Fraction(valueX) * DataRect.Width),
        (float)(DataRect.Bottom - y.Fraction(valueY) * DataRect.Height));
}

/// <summary>A symbol and what it means.</summary>
public sealed class LegendItem
{
    public string LabelText { get; set; } = string.Empty;
    public LineStyle? LineStyle { get; set; }
    public MarkerStyle? MarkerStyle { get; set; }
}
