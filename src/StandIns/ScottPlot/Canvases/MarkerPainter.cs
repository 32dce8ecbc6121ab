namespace ScottPlot.Canvases;

internal static class MarkerPainter
{
    private static readonly float HalfBase = MathF.Sqrt(3) / 2;

    public static void Draw(Canvas canvas, Pixel at, MarkerStyle style)
    {
        if (!style.IsVisible || style.Size <= 0 || style.Shape == MarkerShape.None) return;
        float r = style.Size / 2;
        bool open = style.Shape is MarkerShape.OpenCircle or MarkerShape.OpenSquare or MarkerShape.OpenDiamond
            or MarkerShape.OpenTriangleUp or MarkerShape.OpenTriangleDown;
        LineStyle stroke = open
            ? new LineStyle { Color = style.LineColor, Width = style.LineWidth }
            : new LineStyle { Color = style.OutlineColor, Width = style.OutlineWidth };
        Color fill = open ? Colors.Transparent : style.FillColor;
        var strokes = new LineStyle { Color = style.LineColor, Width = style.LineWidth };

        void Polygon(params ReadOnlySpan<(float X, float Y)> corners)
        {
            Span<Pixel> pixels = stackalloc Pixel[corners.Length];
            for (int i = 0; i < corners.Length; i++) pixels[i] = new(at.X + corners[i].X * r, at.Y + corners[i].Y * r);
            canvas.Path(pixels, closed: true, stroke, fill);
        }

        switch (style.Shape)
        {
            case MarkerShape.FilledCircle or MarkerShape.OpenCircle:
                canvas.Circle(at, r, stroke, fill);
                break;
            case MarkerShape.FilledSquare or MarkerShape.OpenSquare:
                Polygon((-1, -1), (1, -1), (1, 1), (-1, 1));
                break;
            case MarkerShape.FilledDiamond or MarkerShape.OpenDiamond:
                Polygon((0, -1), (1, 0), (0, 1), (-1, 0));
                break;
            case MarkerShape.FilledTriangleUp or MarkerShape.OpenTriangleUp:
                Polygon((0, -1), (HalfBase, .5f), (-HalfBase, .5f));
                break;
            case MarkerShape.FilledTriangleDown or MarkerShape.OpenTriangleDown:
                Polygon((0, 1), (HalfBase, -.5f), (-HalfBase, -.5f));
                break;
            case MarkerShape.Eks:
                canvas.Line(at.X - r, at.Y - r, at.X + r, at.Y + r, strokes);
                canvas.Line(at.X - r, at.Y + r, at.X + r, at.Y - r, strokes);
                break;
            case MarkerShape.Cross:
                canvas.Line(at.X - r, at.Y, at.X + r, at.Y, strokes);
                canvas.Line(at.X, at.Y - r, at.X, at.Y + r, strokes);
                break;
        }
    }
}
