using System.Reflection;
using System.Runtime.InteropServices;

namespace ScottPlot.Canvases;

/// <summary>The part of the cairo C API that is in use.</summary>
internal static unsafe partial class Cairo
{
    private const string Library = "libcairo.so.2";

    public const int FormatArgb32 = 0, FormatA8 = 2, AntialiasGray = 2, HintStyleNone = 1, HintMetricsOff = 1, LineJoinRound = 1;

    static Cairo() => NativeLibrary.SetDllImportResolver(typeof(Cairo).Assembly, Resolve);

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) => name == Library ? Load(name) : 0;

    internal static nint Load(string library)
    {
        if (NativeLibrary.TryLoad(library, out nint handle)) return handle;
        throw new DllNotFoundException(
            $"Plots are drawn with cairo, and {library} was not found. On Debian, install it with 'apt-get install libcairo2'.");
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct TextExtents
    {
        public double XBearing, YBearing, Width, Height, XAdvance, YAdvance;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct FontExtents
    {
        public double Ascent, Descent, Height, MaxXAdvance, MaxYAdvance;
    }

    [LibraryImport(Library, EntryPoint = "cairo_version_string")]
    public static partial byte* VersionString();

    [LibraryImport(Library, EntryPoint = "cairo_image_surface_create")]
    public static partial nint ImageSurfaceCreate(int format, int width, int height);

    [LibraryImport(Library, EntryPoint = "cairo_pdf_surface_create_for_stream")]
    public static partial nint PdfSurfaceCreateForStream(delegate* unmanaged[Cdecl]<nint, byte*, uint, int> write, nint closure, double widthPoints, double heightPoints);

    [LibraryImport(Library, EntryPoint = "cairo_surface_write_to_png_stream")]
    public static partial int SurfaceWriteToPngStream(nint surface, delegate* unmanaged[Cdecl]<nint, byte*, uint, int> write, nint closure);

    [LibraryImport(Library, EntryPoint = "cairo_surface_finish")]
    public static partial void SurfaceFinish(nint surface);

    [LibraryImport(Library, EntryPoint = "cairo_surface_status")]
    public static partial int SurfaceStatus(nint surface);

    [LibraryImport(Library, EntryPoint = "cairo_surface_destroy")]
    public static partial void SurfaceDestroy(nint surface);

    [LibraryImport(Library, EntryPoint = "cairo_status_to_string")]
    public static partial byte* StatusToString(int status);

    [LibraryImport(Library, EntryPoint = "cairo_create")]
    public static partial nint Create(nint surface);

    [LibraryImport(Library, EntryPoint = "cairo_destroy")]
    public static partial void Destroy(nint context);

    [LibraryImport(Library, EntryPoint = "cairo_status")]
    public static partial int Status(nint context);

    [LibraryImport(Library, EntryPoint = "cairo_save")]
    public static partial void Save(nint context);

    [LibraryImport(Library, EntryPoint = "cairo_restore")]
    public static partial void Restore(nint context);

    [LibraryImport(Library, EntryPoint = "cairo_scale")]
    public static partial void Scale(nint context, double x, double y);

    [LibraryImport(Library, EntryPoint = "cairo_translate")]
    public static partial void Translate(nint context, double x, double y);

    [LibraryImport(Library, EntryPoint = "cairo_rotate")]
    public static partial void Rotate(nint context, double radians);

    [LibraryImport(Library, EntryPoint = "cairo_set_source_rgba")]
    public static partial void SetSourceRgba(nint context, double red, double green, double blue, double alpha);

    [LibraryImport(Library, EntryPoint = "cairo_set_line_width")]
    public static partial void SetLineWidth(nint context, double width);

    [LibraryImport(Library, EntryPoint = "cairo_set_line_join")]
    public static partial void SetLineJoin(nint context, int join);

    [LibraryImport(Library, EntryPoint = "cairo_set_dash")]
    public static partial void SetDash(nint context, double* dashes, int count, double offset);

    [LibraryImport(Library, EntryPoint = "cairo_new_path")]
    public static partial void NewPath(nint context);

    [LibraryImport(Library, EntryPoint = "cairo_move_to")]
    public static partial void MoveTo(nint context, double x, double y);

    [LibraryImport(Library, EntryPoint = "cairo_line_to")]
    public static partial void LineTo(nint context, double x, double y);

    [LibraryImport(Library, EntryPoint = "cairo_close_path")]
    public static partial void ClosePath(nint context);

    [LibraryImport(Library, EntryPoint = "cairo_arc")]
    public static partial void Arc(nint context, double x, double y, double radius, double from, double to);

    [LibraryImport(Library, EntryPoint = "cairo_rectangle")]
    public static partial void Rectangle(nint context, double x, double y, double width, double height);

    [LibraryImport(Library, EntryPoint = "cairo_clip")]
    public static partial void Clip(nint context);

    [LibraryImport(Library, EntryPoint = "cairo_fill_preserve")]
    public static partial void FillPreserve(nint context);

    [LibraryImport(Library, EntryPoint = "cairo_stroke")]
    public static partial void Stroke(nint context);

    [LibraryImport(Library, EntryPoint = "cairo_select_font_face", StringMarshalling = StringMarshalling.Utf8)]
    public static partial void SelectFontFace(nint context, string family, int slant, int weight);

    [LibraryImport(Library, EntryPoint = "cairo_set_font_size")]
    public static partial void SetFontSize(nint context, double size);

    [LibraryImport(Library, EntryPoint = "cairo_font_options_create")]
    public static partial nint FontOptionsCreate();

    [LibraryImport(Library, EntryPoint = "cairo_font_options_destroy")]
    public static partial void FontOptionsDestroy(nint options);

    [LibraryImport(Library, EntryPoint = "cairo_font_options_set_antialias")]
    public static partial void FontOptionsSetAntialias(nint options, int antialias);

    [LibraryImport(Library, EntryPoint = "cairo_font_options_set_hint_style")]
    public static partial void FontOptionsSetHintStyle(nint options, int style);

    [LibraryImport(Library, EntryPoint = "cairo_font_options_set_hint_metrics")]
    public static partial void FontOptionsSetHintMetrics(nint options, int metrics);

    [LibraryImport(Library, EntryPoint = "cairo_set_font_options")]
    public static partial void SetFontOptions(nint context, nint options);

    [LibraryImport(Library, EntryPoint = "cairo_show_text", StringMarshalling = StringMarshalling.Utf8)]
    public static partial void ShowText(nint context, string text);

    [LibraryImport(Library, EntryPoint = "cairo_text_extents", StringMarshalling = StringMarshalling.Utf8)]
    public static partial void GetTextExtents(nint context, string text, out TextExtents extents);

    [LibraryImport(Library, EntryPoint = "cairo_font_extents")]
    public static partial void GetFontExtents(nint context, out FontExtents extents);
}
