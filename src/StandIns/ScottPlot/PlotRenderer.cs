using ScottPlot.Canvases;

namespace ScottPlot;

/// <summary>Lays a plot out and draws it, background first.</summary>
internal sealed class PlotRenderer(Plot plot, Canvas canvas)
{
    /// <summary>White space at the outside, between a tick and its label, and around axis labels; pixels.</summary>
    private const float Outside = 10, TickGap = 4, LabelGap = 7;

    private AxisManager Axes => plot.Axes;

    /// <summary>Returns the area inside the axes.</summary>
    public PixelRect Render(float width, float height)
    {
        Axes.ScaleWhatIsUnset();
        PixelRect data = LayOut(width, height);
        canvas.Rectangle(new PixelRect(0, 0, width, height), null, Colors.White);
        DrawGrid(data);

        canvas.PushClip(data);
        var pack = new RenderPack(canvas, data, Axes.X, Axes.Y);
        foreach (IPlottable plottable in plot.PlottableList.Where(item => item.IsVisible)) plottable.Render(pack);
        canvas.PopClip();

        DrawFrame(data);
        DrawTicks(data);
        DrawLabels(data, width, height);
        plot.Legend.Render(canvas, data);
        return data;
    }

    /// <summary>The labels' room depends on the ticks and these on the room that is left: twice round settles it.</summary>
    private PixelRect LayOut(float width, float height)
    {
        var data = new PixelRect(60, 30, width - 20, height - 50);
        for (int round = 0; round < 2; round++)
        {
            Tick[] xTicks = Regenerated(Axes.Bottom, data.Width), yTicks = Regenerated(Axes.Left, data.Height);
            TextSize[] xSizes = Sizes(xTicks, Axes.Bottom), ySizes = Sizes(yTicks, Axes.Left);
            float left = Outside + LabelHeight(Axes.Left.Label) + ySizes.Max(size => size.Width) + TickGap + Axes.Left.MajorTickStyle.Length;
            float bottom = Outside + LabelHeight(Axes.Bottom.Label) + xSizes.Max(size => size.Height) + TickGap + Axes.Bottom.MajorTickStyle.Length;
            float top = Outside + Math.Max(LabelHeight(Axes.Title.Label), ySizes[0].Height / 2);
            // The last label of the horizontal axis may stick out to the right by half its width.
            float right = Outside + xSizes.Max(size => size.Width) / 2;
            data = new PixelRect(MathF.Round(left), MathF.Round(top), MathF.Round(width - right), MathF.Round(height - bottom));
            // A picture too small for its labels keeps a data area of some pixels and lets them overlap.
            if (data.Width < 10 || data.Height < 10)
                data = new PixelRect(Math.Min(data.Left, width / 2), Math.Min(data.Top, height / 2), Math.Min(data.Left, width / 2) + 10, Math.Min(data.Top, height / 2) + 10);
        }
        Regenerated(Axes.Bottom, data.Width);
        Regenerated(Axes.Left, data.Height);
        return data;
    }

    private static Tick[] Regenerated(IAxis axis, float pixels)
    {
        axis.TickGenerator.Regenerate((axis.Min, axis.Max), axis.Edge, Math.Max(pixels, 1), axis.TickLabelStyle);
        return axis.TickGenerator.Ticks;
    }

    private static TextSize[] Sizes(Tick[] ticks, IAxis axis) =>
        // With one digit in any case, so that an axis without ticks has a height too.
        [.. ticks.Where(tick => tick.IsMajor).Select(tick => tick.Label).Prepend("0").Select(text => TextRuler.Measure(text, new Font(axis.TickLabelStyle.FontSize, axis.TickLabelStyle.Bold)))];

    private static float LabelHeight(LabelStyle label) =>
        label.Text.Length == 0 ? 0 : TextRuler.Measure(label.Text, new Font(label.FontSize, label.Bold)).Height + LabelGap;

    private void DrawGrid(PixelRect data)
    {
        if (!plot.Grid.IsVisible) return;
        foreach (Tick tick in Axes.Bottom.TickGenerator.Ticks.Where(tick => tick.IsMajor))
        {
            float x = X(data, tick);
            canvas.Line(x, data.Top, x, data.Bottom, plot.Grid.MajorLineStyle);
        }
        foreach (Tick tick in Axes.Left.TickGenerator.Ticks.Where(tick => tick.IsMajor))
        {
            float y = Y(data, tick);
            canvas.Line(data.Left, y, data.Right, y, plot.Grid.MajorLineStyle);
        }
    }

    private void DrawFrame(PixelRect data)
    {
        // Half a pixel aside, so that a line of one pixel covers that pixel and no part of its neighbour.
        (float left, float right, float bottom, float top) = (data.Left - .5f, data.Right + .5f, data.Bottom + .5f, data.Top - .5f);
        if (Axes.Top.IsVisible) canvas.Line(left, top, right, top, Axes.Top.FrameLineStyle);
        if (Axes.Right.IsVisible) canvas.Line(right, top, right, bottom, Axes.Right.FrameLineStyle);
        if (Axes.Bottom.IsVisible) canvas.Line(left - .5f, bottom, right + .5f, bottom, Axes.Bottom.FrameLineStyle);
        if (Axes.Left.IsVisible) canvas.Line(left, top - .5f, left, bottom + .5f, Axes.Left.FrameLineStyle);
    }

    private void DrawTicks(PixelRect data)
    {
        if (Axes.Bottom is { IsVisible: true } horizontal)
        {
            horizontal.TickLabelStyle.Alignment = Alignment.UpperCenter;
            foreach (Tick tick in horizontal.TickGenerator.Ticks)
            {
                TickMarkStyle mark = tick.IsMajor ? horizontal.MajorTickStyle : horizontal.MinorTickStyle;
                float x = X(data, tick);
                canvas.Line(x, data.Bottom, x, data.Bottom + 1 + mark.Length, mark);
                canvas.Text(tick.Label, new Pixel(x, data.Bottom + mark.Length + TickGap), horizontal.TickLabelStyle);
            }
        }
        if (Axes.Left is { IsVisible: true } vertical)
        {
            vertical.TickLabelStyle.Alignment = Alignment.MiddleRight;
            foreach (Tick tick in vertical.TickGenerator.Ticks)
            {
                TickMarkStyle mark = tick.IsMajor ? vertical.MajorTickStyle : vertical.MinorTickStyle;
                float y = Y(data, tick);
                canvas.Line(data.Left - 1 - mark.Length, y, data.Left, y, mark);
                canvas.Text(tick.Label, new Pixel(data.Left - mark.Length - TickGap, y), vertical.TickLabelStyle);
            }
        }
    }

    private void DrawLabels(PixelRect data, float width, float height)
    {
        LabelStyle title = Axes.Title.Label, x = Axes.Bottom.Label, y = Axes.Left.Label;
        title.Alignment = Alignment.LowerCenter;
        canvas.Text(title.Text, new Pixel(Centred(title, data.CenterX, width), data.Top - LabelGap), title);
        x.Alignment = Alignment.LowerCenter;
        canvas.Text(x.Text, new Pixel(Centred(x, data.CenterX, width), height - Outside * .7f), x);
        (y.Alignment, y.Rotation) = (Alignment.UpperCenter, -90);
        canvas.Text(y.Text, new Pixel(Outside * .7f, Centred(y, data.CenterY, height)), y);
    }

    /// <summary>A label as near to the middle of its axis as the edge of the picture lets it be.</summary>
    private static float Centred(LabelStyle label, float center, float length)
    {
        float half = TextRuler.Measure(label.Text, new Font(label.FontSize, label.Bold)).Width / 2 + 2;
        return half * 2 >= length ? length / 2 : Math.Clamp(center, half, length - half);
    }

    private float X(PixelRect data, Tick tick) => Snapped(data.Left + Axes.X.Fraction(tick.Position) * data.Width);

    private float Y(PixelRect data, Tick tick) => Snapped(data.Bottom - Axes.Y.Fraction(tick.Position) * data.Height);

    /// <summary>The middle of a pixel, where a line of one pixel is sharp.</summary>
    private static float Snapped(double position) => MathF.Floor((float)position) + .5f;
}
