using ScottPlot.Canvases;

namespace ScottPlot;

/// <summary>The box that says what the symbols mean, in a corner of the data area.</summary>
public class Legend
{
    private const float Margin = 8, PaddingX = 10, PaddingY = 7, SymbolWidth = 24, SymbolGap = 7, ItemGap = 5;

    private readonly Plot plot;

    internal Legend(Plot plot) => this.plot = plot;

    public bool IsVisible { get; set; } = true;
    public Alignment Alignment { get; set; } = Alignment.LowerRight;
    public float? FontSize { get; set; }
    public Color? FontColor { get; set; }
    public Color BackgroundColor { get; set; } = Colors.White;
    public Color OutlineColor { get; set; } = Colors.Black;
    public float OutlineWidth { get; set; } = 1;
    public Color ShadowColor { get; set; } = Colors.Black.WithOpacity(.2);

    internal void Render(Canvas canvas, PixelRect dataRect)
    {
        LegendItem[] items = [.. plot.PlottableList.Where(item => item.IsVisible).SelectMany(item => item.LegendItems)
            .Where(item => item.LabelText.Length > 0)];
        if (!IsVisible || items.Length == 0) return;

        var label = new LabelStyle { FontSize = FontSize ?? 12, ForeColor = FontColor ?? Colors.Black, Alignment = Alignment.MiddleLeft };
        TextSize[] sizes = [.. items.Select(item => TextRuler.Measure(item.LabelText, new Font(label.FontSize, false)))];
        float lineHeight = sizes[0].Height + ItemGap;
        float width = 2 * PaddingX + SymbolWidth + SymbolGap + sizes.Max(size => size.Width);
        float height = 2 * PaddingY + items.Length * lineHeight - ItemGap;
        PixelRect box = Place(dataRect, width, height);

        const float Shadow = 3;
        canvas.Rectangle(new(box.Left + Shadow, box.Top + Shadow, box.Right + Shadow, box.Bottom + Shadow), null, ShadowColor);
        canvas.Rectangle(box, new LineStyle { Color = OutlineColor, Width = OutlineWidth }, BackgroundColor);
        for (int i = 0; i < items.Length; i++)
        {
            float y = box.Top + PaddingY + i * lineHeight + sizes[0].Height / 2, x = box.Left + PaddingX;
            if (items[i].LineStyle is { } line) canvas.Line(x, y, x + SymbolWidth, y, line);
            if (items[i].MarkerStyle is { } marker) MarkerPainter.Draw(canvas, new Pixel(x + SymbolWidth / 2, y), marker);
            canvas.Text(items[i].LabelText, new Pixel(x + SymbolWidth + SymbolGap, y), label);
        }
    }

    private PixelRect Place(PixelRect area, float width, float height)
    {
        // Rounded, so that the outline falls on whole pixels.
        float left = MathF.Round(area.Left + Margin + (int)Alignment % 3 / 2f * (area.Width - 2 * Margin - width)) + .5f;
        float top = MathF.Round(area.Top + Margin + (int)Alignment / 3 / 2f * (area.Height - 2 * Margin - height)) + .5f;
        return new(left, top, left + MathF.Round(width), top + MathF.Round(height));
    }
}
