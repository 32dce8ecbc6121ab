using System.Globalization;
using System.Text;
using HwNas.Core;
using HwNas.Core.Files;
using ScottPlot;
using ScottPlot.AxisPanels;
using ScottPlot.TickGenerators;
using SkiaSharp;

namespace HwNas.Cli.Reporting;

/// <summary>Pictures of plots, all in one size and style.</summary>
internal static class PlotFile
{
    public const int Width = 900, Height = 600;

    /// <summary>PNG pixels per unit of the layout: sharp on dense screens and in print.</summary>
    private const int PngScale = 2;

    /// <summary>A unit of the layout is 1/96 inch, as in SVG; one of PDF is 1/72 inch.</summary>
    private const float PdfScale = .75f;

    public static Color Ink { get; } = Color.FromHex("333333");

    /// <summary>Writes the picture as the ending of <paramref name="path"/> says: .png, .svg or .pdf.</summary>
    /// <exception cref="InputException">Another ending, or a place that cannot be written.</exception>
    public static void Save(Func<Plot> draw, string path)
    {
        RequireWritable(path);
        var content = Ending(path) switch
        {
            ".PNG" => ToPng(draw),
            ".SVG" => Encoding.UTF8.GetBytes(ToSvg(draw)),
            _ => ToPdf(draw),
        };
        AtomicFile.Write(path, stream => stream.Write(content));
    }

    /// <summary>Requires a name that says which kind of picture it is, and a place for it, before there is one.</summary>
    /// <exception cref="InputException">It ends otherwise, or the place cannot be written.</exception>
    public static void RequireWritable(string path)
    {
        if (Ending(path) is not (".PNG" or ".SVG" or ".PDF"))
            throw new InputException($"'{path}': pictures are written as .png, .svg or .pdf; choose a name that ends so.");
        AtomicFile.RequireWritable(path);
    }

    private static string Ending(string path) => Path.GetExtension(path).ToUpperInvariant();

    /// <summary>1800 by 1200 pixels.</summary>
    public static byte[] ToPng(Func<Plot> draw)
    {
        using var plot = draw();
        plot.ScaleFactor = PngScale;
        return plot.GetImageBytes(Width * PngScale, Height * PngScale, ImageFormat.Png);
    }

    public static string ToSvg(Func<Plot> draw)
    {
        using var plot = draw();
        return PlotSvg.Of(plot, Width, Height);
    }

    /// <summary>One page of the picture's size, with its font inside.</summary>
    public static byte[] ToPdf(Func<Plot> draw)
    {
        using var plot = draw();
        using var written = new MemoryStream();
        using (var document = SKDocument.CreatePdf(written))
        {
            using var page = document.BeginPage(Width * PdfScale, Height * PdfScale);
            page.Scale(PdfScale);
            plot.Render(page, Width, Height);
            document.EndPage();
            document.Close();
        }

        return written.ToArray();
    }

    /// <summary>
    /// Title, labels, frame and legend as all pictures have them, and every text as it can be shown. Comes after everything was
    /// added.
    /// </summary>
    /// <param name="plot">The plot.</param>
    /// <param name="title">Above it.</param>
    /// <param name="xLabel">Below the horizontal axis.</param>
    /// <param name="yLabel">Beside the vertical axis.</param>
    /// <param name="rightLabel">Beside a second vertical axis, where something is drawn on it.</param>
    public static void Style(Plot plot, string title, string xLabel, string yLabel, string? rightLabel = null)
    {
        // The title stands over the middle of the data, which is right of the picture's.
        var heading = PlotText.Fitted(title, size: 17, smallest: 9, Width - 100, bold: true);
        plot.Title(heading.Text, heading.Size);
        plot.Axes.Title.Label.FontName = heading.FontName;
        StyleAxis(plot.Axes.Bottom, xLabel, Width - 80);
        StyleAxis(plot.Axes.Left, yLabel, Height - 60);
        // Away from the ticks' labels.
        plot.Axes.Left.Label.OffsetX = -5;
        // Half of the last tick's label lies right of the axis.
        plot.Axes.Right.MinimumSize = 28;
        plot.Axes.Top.FrameLineStyle.IsVisible = false;
        plot.Axes.Right.FrameLineStyle.IsVisible = rightLabel is not null;
        if (rightLabel is not null)
        {
            plot.Axes.Right.TickGenerator = new NumericAutomatic();
            StyleAxis(plot.Axes.Right, rightLabel, Height - 60);
        }

        PlotLegend.ShowBelow(plot, Width);

        // A first drawing decides the layout, and what is drawn before it is decided stays in an SVG below the rest.
        plot.RenderInMemory(Width, Height);
    }

    private static void StyleAxis(IAxis axis, string label, float length)
    {
        (axis.Label.Text, axis.Label.FontName, axis.Label.FontSize) = PlotText.Fitted(label, size: 14, smallest: 9, length);
        axis.Label.Bold = false;
        axis.TickLabelStyle.FontName = PlotFont.Name;
        if (axis is AxisBase panel)
            panel.PaddingOutsideAxisLabels = new PixelPadding(8);
        if (axis.TickGenerator is not NumericAutomatic ticks)
            return;
        // Ticks as dense as ScottPlot sets them make a grid that is louder than the data.
        ticks.TickDensity = .6;
        // Its labels have few digits: neighbours of a narrow range would read the same.
        var (min, max) = (axis.Range.Min, axis.Range.Max);
        var decimals = Math.Ceiling(-Math.Log10((max - min) / 50));
        if (decimals is >= 0 and <= 9 && Math.Max(Math.Abs(min), Math.Abs(max)) is >= 1e-3 and < 1e7)
            ticks.LabelFormatter = value => value.ToString("#,0." + new string('#', (int)decimals), CultureInfo.InvariantCulture);
    }
}
