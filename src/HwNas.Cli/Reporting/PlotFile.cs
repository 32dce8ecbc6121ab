using HwNas.Core;
using HwNas.Core.Files;
using ScottPlot;

namespace HwNas.Cli.Reporting;

/// <summary>Pictures of plots, all in one size and style.</summary>
internal static class PlotFile
{
    public const int Width = 900, Height = 600;

    /// <summary>PNG pixels per unit of the layout: sharp on dense screens and in print.</summary>
    private const int PngScale = 2;

#if SCOTTPLOT_STANDIN
    private const string Formats = ".png, .svg or .pdf";
#else
    private const string Formats = ".png or .svg";
#endif

    public static Color Ink { get; } = Color.FromHex("333333");

    /// <summary>Writes the picture as the ending of <paramref name="path"/> says: .png, .svg or .pdf.</summary>
    /// <exception cref="InputException">Another ending, or a place that cannot be written.</exception>
    public static void Save(Func<Plot> draw, string path)
    {
        switch (Path.GetExtension(path).ToUpperInvariant())
        {
            case ".PNG":
                byte[] png = ToPng(draw);
                AtomicFile.Write(path, stream => stream.Write(png));
                break;
            case ".SVG":
                AtomicFile.WriteText(path, ToSvg(draw));
                break;
#if SCOTTPLOT_STANDIN
            // The ScottPlot package has no PDF; the stand-in has (DESIGN section 4).
            case ".PDF":
                byte[] pdf = ToPdf(draw);
                AtomicFile.Write(path, stream => stream.Write(pdf));
                break;
#endif
            default:
                throw new InputException($"'{path}': pictures are written as {Formats}; choose a name that ends so.");
        }
    }

    /// <summary>1800 by 1200 pixels.</summary>
    public static byte[] ToPng(Func<Plot> draw)
    {
        using Plot plot = draw();
        plot.ScaleFactor = PngScale;
        return plot.GetImageBytes(Width * PngScale, Height * PngScale, ImageFormat.Png);
    }

    public static string ToSvg(Func<Plot> draw)
    {
        using Plot plot = draw();
        return plot.GetSvgXml(Width, Height);
    }

    /// <summary>Title, labels and frame as all pictures have them.</summary>
    public static void Style(Plot plot, string title, string xLabel, string yLabel)
    {
        // A long title is set smaller rather than cut off; a bold character is about 0.7 of its size wide.
        plot.Title(title, (float)Math.Clamp(Width / (.7 * Math.Max(title.Length, 1)), 8, 17));
        plot.XLabel(xLabel, 14);
        plot.YLabel(yLabel, 14);
        plot.Axes.Bottom.Label.Bold = false;
        plot.Axes.Left.Label.Bold = false;
        plot.Axes.Top.FrameLineStyle.IsVisible = false;
        plot.Axes.Right.FrameLineStyle.IsVisible = false;
        plot.Legend.FontSize = 12;
        plot.Legend.OutlineColor = Ink.WithAlpha(.3);
        plot.Legend.ShadowColor = Colors.Transparent;
        plot.Legend.BackgroundColor = Colors.White.WithAlpha(.9);
    }

#if SCOTTPLOT_STANDIN
    private static byte[] ToPdf(Func<Plot> draw)
    {
        using Plot plot = draw();
        return plot.GetPdfBytes(Width, Height);
    }
#endif
}
