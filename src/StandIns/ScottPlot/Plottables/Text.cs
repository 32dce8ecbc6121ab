namespace ScottPlot.Plottables;

/// <summary>A text beside a place.</summary>
public class Text : IPlottable
{
    public Coordinates Location { get; set; }

    /// <summary>Pixels to the right of the place.</summary>
    public float OffsetX { get; set; }

    /// <summary>Pixels below the place.</summary>
    public float OffsetY { get; set; }

    public bool IsVisible { get; set; } = true;
    public LabelStyle LabelStyle { get; set; } = new() { FontSize = 14 };
    public string LabelText { get => LabelStyle.Text; set => LabelStyle.Text = value; }
    public float LabelFontSize { get => LabelStyle.FontSize; set => LabelStyle.FontSize = value; }
    public bool LabelBold { get => LabelStyle.Bold; set => LabelStyle.Bold = value; }
    public Color LabelFontColor { get => LabelStyle.ForeColor; set => LabelStyle.ForeColor = value; }
    public Color LabelBackgroundColor { get => LabelStyle.BackgroundColor; set => LabelStyle.BackgroundColor = value; }
    public float LabelPadding { set => LabelStyle.Padding = value; }
    public Alignment LabelAlignment { get => LabelStyle.Alignment; set => LabelStyle.Alignment = value; }

    public IEnumerable<LegendItem> LegendItems => [];

    public AxisLimits GetAxisLimits() => Limits.Of([Location.X], [Location.Y]);

    public void Render(RenderPack rp)
    {
        if (!double.IsFinite(Location.X) || !double.IsFinite(Location.Y)) return;
        Pixel at = rp.GetPixel(Location.X, Location.Y);
        rp.Canvas.Text(LabelText, new Pixel(at.X + OffsetX, at.Y + OffsetY), LabelStyle);
    }
}
