namespace ScottPlot.Canvases;

/// <summary>The few drawing operations that a plot is made of, in pixels with y growing downwards.</summary>
internal abstract class Canvas : IDisposable
{
    /// <summary>A polyline, or a polygon when <paramref name="closed"/>.</summary>
    public abstract void Path(ReadOnlySpan<Pixel> points, bool closed, LineStyle? stroke, Color fill);

    public abstract void Circle(Pixel center, float radius, LineStyle? stroke, Color fill);

    /// <summary>One line of text whose baseline begins at <paramref name="origin"/>, turned clockwise around it.</summary>
    protected abstract void Glyphs(string text, Pixel origin, float rotationDegrees, Font font, Color color);

    public abstract void PushClip(PixelRect area);

    public abstract void PopClip();

    public abstract void Dispose();

    public void Line(float x1, float y1, float x2, float y2, LineStyle stroke)
    {
        if (stroke.Draws) Path([new(x1, y1), new(x2, y2)], closed: false, stroke, Colors.Transparent);
    }

    public void Rectangle(PixelRect area, LineStyle? stroke, Color fill) =>
        Path([new(area.Left, area.Top), new(area.Right, area.Top), new(area.Right, area.Bottom), new(area.Left, area.Bottom)],
            closed: true, stroke, fill);

    public void Text(string text, Pixel at, LabelStyle style)
    {
        if (text.Length == 0 || !style.IsVisible) return;
        text = Printable(text);
        var font = new Font(style.FontSize, style.Bold);
        TextSize size = TextRuler.Measure(text, font);

        // The text's box in its own, unturned frame, seen from the anchor point.
        float width = size.Width + 2 * style.Padding, height = size.Height + 2 * style.Padding;
        float left = -width * HorizontalFraction(style.Alignment), top = -height * VerticalFraction(style.Alignment);
        double angle = style.Rotation * Math.PI / 180;
        (float cos, float sin) = ((float)Math.Cos(angle), (float)Math.Sin(angle));
        Pixel Turned(float x, float y) => new(at.X + x * cos - y * sin, at.Y + x * sin + y * cos);

        if (style.BackgroundColor.Alpha > 0)
        {
            Path([Turned(left, top), Turned(left + width, top), Turned(left + width, top + height), Turned(left, top + height)],
                closed: true, null, style.BackgroundColor);
        }

        Pixel origin = Turned(left + style.Padding, top + style.Padding + size.Ascent);
        Glyphs(text, origin, style.Rotation, font, style.ForeColor);
    }

    private static float HorizontalFraction(Alignment alignment) => (int)alignment % 3 / 2f;

    private static float VerticalFraction(Alignment alignment) => (int)alignment / 3 / 2f;

    /// <summary>Neither XML nor a C string can carry control characters or half surrogates.</summary>
    private static string Printable(string text) => string.Concat(text.EnumerateRunes()
        .Select(rune => System.Text.Rune.IsControl(rune) || rune.Value is 0xFFFE or 0xFFFF ? "\uFFFD" : rune.ToString()));
}

/// <summary>The one font family, in pixels.</summary>
internal readonly record struct Font(float Size, bool Bold)
{
    /// <summary>Debian's default sans serif, and for readers of the SVG its nearest relatives.</summary>
    public const string Family = "DejaVu Sans", SvgFamily = "DejaVu Sans, Verdana, sans-serif";
}

internal readonly record struct TextSize(float Width, float Ascent, float Descent)
{
    public float Height => Ascent + Descent;
}
