using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ScottPlot.Canvases;

/// <summary>Draws on a cairo surface: pixels for PNG, a page for PDF.</summary>
internal sealed unsafe class CairoCanvas : Canvas
{
    private readonly MemoryStream? page;
    private GCHandle closure;
    private nint surface;
    private nint context;

    private CairoCanvas(nint surface, double scale)
    {
        this.surface = surface;
        Check(Cairo.SurfaceStatus(surface));
        context = NewContext(surface);
        Cairo.Scale(context, scale, scale);
        Cairo.SetLineJoin(context, Cairo.LineJoinRound);
    }

    private CairoCanvas(MemoryStream page, GCHandle closure, nint surface, double scale)
        : this(surface, scale) => (this.page, this.closure) = (page, closure);

    /// <summary>One unit of the canvas becomes <paramref name="scale"/> pixels.</summary>
    public static CairoCanvas ForPng(int width, int height, double scale) =>
        new(Cairo.ImageSurfaceCreate(Cairo.FormatArgb32, width, height), scale);

    /// <summary>One unit of the canvas becomes 0.75 points, which is a pixel at 96 dpi.</summary>
    public static CairoCanvas ForPdf(int width, int height, double scale)
    {
        const double PointsPerPixel = 0.75;
        var page = new MemoryStream();
        GCHandle closure = GCHandle.Alloc(page);
        nint surface = Cairo.PdfSurfaceCreateForStream(&Append, GCHandle.ToIntPtr(closure), width * PointsPerPixel, height * PointsPerPixel);
        return new CairoCanvas(page, closure, surface, scale * PointsPerPixel);
    }

    public byte[] ToPng()
    {
        Check(Cairo.Status(context));
        using var png = new MemoryStream();
        GCHandle handle = GCHandle.Alloc(png);
        try
        {
            Check(Cairo.SurfaceWriteToPngStream(surface, &Append, GCHandle.ToIntPtr(handle)));
        }
        finally
        {
            handle.Free();
        }
        return png.ToArray();
    }

    public byte[] ToPdf()
    {
        Check(Cairo.Status(context));
        Cairo.SurfaceFinish(surface);
        Check(Cairo.SurfaceStatus(surface));
        return page!.ToArray();
    }

    public override void Path(ReadOnlySpan<Pixel> points, bool closed, LineStyle? stroke, Color fill)
    {
        if (points.Length == 0) return;
        Cairo.NewPath(context);
        Cairo.MoveTo(context, points[0].X, points[0].Y);
        foreach (Pixel point in points[1..]) Cairo.LineTo(context, point.X, point.Y);
        if (closed) Cairo.ClosePath(context);
        Paint(stroke, fill);
    }

    public override void Circle(Pixel center, float radius, LineStyle? stroke, Color fill)
    {
        Cairo.NewPath(context);
        Cairo.Arc(context, center.X, center.Y, radius, 0, 2 * Math.PI);
        Paint(stroke, fill);
    }

    protected override void Glyphs(string text, Pixel origin, float rotationDegrees, Font font, Color color)
    {
        Cairo.Save(context);
        Cairo.Translate(context, origin.X, origin.Y);
        Cairo.Rotate(context, rotationDegrees * Math.PI / 180);
        SelectFont(context, font);
        SetSource(color);
        Cairo.MoveTo(context, 0, 0);
        Cairo.ShowText(context, text);
        Cairo.Restore(context);
    }

    public override void PushClip(PixelRect area)
    {
        Cairo.Save(context);
        Cairo.Rectangle(context, area.Left, area.Top, area.Width, area.Height);
        Cairo.Clip(context);
    }

    public override void PopClip() => Cairo.Restore(context);

    public override void Dispose()
    {
        if (context != 0) Cairo.Destroy(context);
        if (surface != 0) Cairo.SurfaceDestroy(surface);
        (context, surface) = (0, 0);
        if (closure.IsAllocated) closure.Free();
        page?.Dispose();
    }

    /// <summary>A context whose text is laid out the same at every size and on every kind of surface.</summary>
    internal static nint NewContext(nint surface)
    {
        nint context = Cairo.Create(surface);
        nint options = Cairo.FontOptionsCreate();
        Cairo.FontOptionsSetAntialias(options, Cairo.AntialiasGray);
        Cairo.FontOptionsSetHintStyle(options, Cairo.HintStyleNone);
        Cairo.FontOptionsSetHintMetrics(options, Cairo.HintMetricsOff);
        Cairo.SetFontOptions(context, options);
        Cairo.FontOptionsDestroy(options);
        return context;
    }

    internal static void SelectFont(nint context, Font font)
    {
        Cairo.SelectFontFace(context, Font.Family, slant: 0, weight: font.Bold ? 1 : 0);
        Cairo.SetFontSize(context, font.Size);
    }

    private void Paint(LineStyle? stroke, Color fill)
    {
        if (fill.Alpha > 0)
        {
            SetSource(fill);
            Cairo.FillPreserve(context);
        }
        if (stroke is { Draws: true })
        {
            SetSource(stroke.Color);
            Cairo.SetLineWidth(context, stroke.Width);
            Span<double> dashes = stackalloc double[stroke.Pattern.Dashes.Length];
            for (int i = 0; i < dashes.Length; i++) dashes[i] = stroke.Pattern.Dashes[i];
            fixed (double* first = dashes) Cairo.SetDash(context, first, dashes.Length, 0);
            Cairo.Stroke(context);
        }
        Cairo.NewPath(context);
    }

    private void SetSource(Color color) =>
        Cairo.SetSourceRgba(context, color.Red / 255d, color.Green / 255d, color.Blue / 255d, color.Alpha / 255d);

    private static void Check(int status)
    {
        if (status != 0)
            throw new InvalidOperationException($"cairo: {Marshal.PtrToStringUTF8((nint)Cairo.StatusToString(status))}");
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Append(nint closure, byte* data, uint length)
    {
        const int WriteError = 11;
        try
        {
            ((MemoryStream)GCHandle.FromIntPtr(closure).Target!).Write(new ReadOnlySpan<byte>(data, (int)length));
            return 0;
        }
        catch (Exception e) when (e is IOException or OutOfMemoryException or ObjectDisposedException)
        {
            // An exception must not pass through C; cairo reports the status instead.
            return WriteError;
        }
    }
}

/// <summary>Sizes of texts, for layouts that are made before anything is drawn.</summary>
internal static class TextRuler
{
    public static TextSize Measure(string text, Font font)
    {
        nint surface = Cairo.ImageSurfaceCreate(Cairo.FormatA8, 1, 1);
        nint context = CairoCanvas.NewContext(surface);
        CairoCanvas.SelectFont(context, font);
        Cairo.GetFontExtents(context, out Cairo.FontExtents line);
        Cairo.GetTextExtents(context, text, out Cairo.TextExtents glyphs);
        Cairo.Destroy(context);
        Cairo.SurfaceDestroy(surface);
        return new TextSize((float)glyphs.XAdvance, (float)line.Ascent, (float)line.Descent);
    }
}
