using ScottPlot;
using ScottPlot.Panels;

namespace HwNas.Cli.Reporting;

/// <summary>The legend: below the data, where it hides nothing, in as many rows as it needs.</summary>
/// <param name="legend">The plot's legend.</param>
/// <param name="width">The room for a row.</param>
internal sealed class PlotLegend(Legend legend, float width) : LegendPanel(legend)
{
    private const float FontSize = 12;

    // Axis and ticks beside the data, at most: no row may be wider than what is left.
    private const float BesideData = 150;

    /// <summary>Shows what the plottables say of themselves.</summary>
    public static void ShowBelow(Plot plot, int width)
    {
        plot.HideLegend();
        IHasLegendText[] items = [.. plot.GetPlottables().OfType<IHasLegendText>().Where(item => item.LegendText.Length > 0)];
        if (items.Length == 0)
            return;
        var legend = plot.Legend;
        legend.FontName = PlotFont.For(string.Concat(items.Select(item => item.LegendText)));
        foreach (var item in items)
            item.LegendText = PlotText.Fitted(item.LegendText, FontSize, FontSize, width / 2, fontName: legend.FontName).Text;
        legend.FontSize = FontSize;
        legend.SymbolWidth = 28;
        legend.Orientation = Orientation.Horizontal;
        legend.TightHorizontalWrapping = true;
        legend.OutlineColor = Colors.Transparent;
        legend.ShadowColor = Colors.Transparent;
        legend.BackgroundColor = Colors.Transparent;
        plot.Axes.AddPanel(new PlotLegend(legend, width - BesideData) { Edge = Edge.Bottom, Padding = new PixelPadding(0, 0) });
    }

    /// <summary>Its height: ScottPlot's own panel takes that of a single row.</summary>
    public override float Measure(Paint paint) =>
        Legend.GetLayout(new PixelSize(width, float.PositiveInfinity), paint).LegendRect.Height + Padding.Vertical;
}
