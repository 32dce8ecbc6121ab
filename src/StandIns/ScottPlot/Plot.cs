using ScottPlot.Canvases;
using ScottPlot.Grids;

namespace ScottPlot;

/// <summary>A picture of data on two axes.</summary>
public class Plot : IDisposable
{
    private PixelRect lastDataRect;

    public Plot()
    {
        Add = new PlottableAdder(this);
        Axes = new AxisManager(this);
        Legend = new Legend(this);
    }

    public List<IPlottable> PlottableList { get; } = [];
    public PlottableAdder Add { get; }
    public AxisManager Axes { get; }
    public DefaultGrid Grid { get; } = new();
    public Legend Legend { get; }

    /// <summary>Size in pixels of what is one pixel by default: 2 for sharp pictures on dense screens.</summary>
    public double ScaleFactor { get; set; } = 1;

    public void Title(string text, float? size = null) => Label(Axes.Title.Label, text, size);

    public void XLabel(string label, float? size = null) => Label(Axes.Bottom.Label, label, size);

    public void YLabel(string label, float? size = null) => Label(Axes.Left.Label, label, size);

    public Legend ShowLegend(Alignment alignment)
    {
        (Legend.IsVisible, Legend.Alignment) = (true, alignment);
        return Legend;
    }

    public void HideLegend() => Legend.IsVisible = false;

    /// <summary>Where a place lay on the last picture.</summary>
    public Pixel GetPixel(Coordinates coordinates) => new(
        (float)((lastDataRect.Left + Axes.X.Fraction(coordinates.X) * lastDataRect.Width) * ScaleFactor),
        (float)((lastDataRect.Bottom - Axes.Y.Fraction(coordinates.Y) * lastDataRect.Height) * ScaleFactor));

    public byte[] GetImageBytes(int width, int height, ImageFormat format)
    {
        if (format != ImageFormat.Png) throw new NotSupportedException($"The stand-in for ScottPlot writes PNG, not {format}.");
        CheckSize(width, height);
        using CairoCanvas canvas = CairoCanvas.ForPng(width, height, ScaleFactor);
        Render(canvas, width, height);
        return canvas.ToPng();
    }

    public SavedImageInfo SavePng(string filePath, int width, int height)
    {
        byte[] bytes = GetImageBytes(width, height, ImageFormat.Png);
        File.WriteAllBytes(filePath, bytes);
        return new SavedImageInfo(filePath, bytes.Length);
    }

    public SavedImageInfo SaveSvg(string filePath, int width, int height)
    {
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(GetSvgXml(width, height));
        File.WriteAllBytes(filePath, bytes);
        return new SavedImageInfo(filePath, bytes.Length);
    }

    public string GetSvgXml(int width, int height)
    {
        CheckSize(width, height);
        using var canvas = new SvgCanvas(width, height, ScaleFactor);
        Render(canvas, width, height);
        return canvas.ToXml();
    }

    /// <summary>Not in ScottPlot, which has no PDF: see <see cref="PdfExport"/>.</summary>
    internal byte[] ToPdf(int width, int height)
    {
        CheckSize(width, height);
        using CairoCanvas canvas = CairoCanvas.ForPdf(width, height, ScaleFactor);
        Render(canvas, width, height);
        return canvas.ToPdf();
    }

    public void Dispose()
    {
        PlottableList.Clear();
        GC.SuppressFinalize(this);
    }

    private void Render(Canvas canvas, int width, int height) =>
        lastDataRect = new PlotRenderer(this, canvas).Render((float)(width / ScaleFactor), (float)(height / ScaleFactor));

    private static void CheckSize(int width, int height)
    {
        if (width < 1 || height < 1) throw new ArgumentException($"A picture of {width} by {height} pixels has no room for anything.");
    }

    private static void Label(LabelStyle style, string text, float? size)
    {
        style.Text = text;
        style.FontSize = size ?? style.FontSize;
    }
}
