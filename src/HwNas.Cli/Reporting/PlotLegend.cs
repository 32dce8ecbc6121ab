using ScottPlot;

namespace HwNas.Cli.Reporting;

/// <summary>Places the legend where it hides least.</summary>
internal static class PlotLegend
{
    /// <summary>Something drawn that a legend may hide: how bad that would be is its weight.</summary>
    public readonly record struct Drawn(double X, double Y, int Weight);

    /// <summary>A thing that must not be hidden at all, such as a point of a front.</summary>
    public const int Important = 1_000_000;

    /// <summary>
    /// Into the corner where it hides least, the lower right one when several are free; below the picture
    /// where each hides something important.
    /// </summary>
    public static void Place(Plot plot, IReadOnlyCollection<Drawn> drawn, PixelRect? text = null)
    {
        if (plot.Legend.GetItems().Length == 0)
            return;
        using var paint = Paint.NewDisposablePaint();
        var free = plot.LastRender.DataRect.Contract(plot.Legend.Margin);
        var size = plot.Legend.GetLayout(free.Size, paint).LegendRect.Size;
        Pixel[] places = [.. drawn.Select(item => plot.GetPixel(new Coordinates(item.X, item.Y)))];

        long Hidden(Alignment corner)
        {
            // The markers' size.
            var legend = new PixelRect(new Pixel(0, 0), size).AlignedInside(free, corner).Expand(6);
            long hidden = text is { } label
                && label.Left < legend.Right
                && legend.Left < label.Right
                && label.Top < legend.Bottom
                && legend.Top < label.Bottom
                ? Important
                : 0;
            return hidden + drawn.Zip(places).Sum(pair => legend.Contains(pair.Second) ? pair.First.Weight : 0L);
        }

        var best = new[] { Alignment.LowerRight, Alignment.UpperLeft, Alignment.UpperRight, Alignment.LowerLeft }
            .MinBy(Hidden);
        if (Hidden(best) < Important)
            plot.ShowLegend(best);
        else
            plot.ShowLegend(Edge.Bottom);
    }

    /// <summary>Points along a line, so that a legend does not hide the line between its points either.</summary>
    public static IEnumerable<Drawn> Along(IReadOnlyList<double> xs, IReadOnlyList<double> ys, int weight)
    {
        const int Steps = 24;
        for (var i = 0; i + 1 < xs.Count; i++)
        {
            for (var step = 1; step < Steps; step++)
            {
                var share = step / (double)Steps;
                yield return new Drawn(xs[i] + share * (xs[i + 1] - xs[i]), ys[i] + share * (ys[i + 1] - ys[i]), weight);
            }
        }
    }
}
