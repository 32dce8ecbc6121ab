using ScottPlot;
using SkiaSharp;

namespace HwNas.Cli.Reporting;

/// <summary>
/// The font of all pictures. It comes with the program: on a machine without fonts ScottPlot draws pictures without any
/// text, and where there are some it takes any (docs/decisions/0009-pictures.md).
/// </summary>
internal static class PlotFont
{
    /// <summary>What ScottPlot knows it by; not the name of a font that a system may have.</summary>
    public static string Name { get; } = "HwNas pictures";

    private static readonly SKTypeface Book = Load("DejaVuSans.ttf"), Bold = Load("DejaVuSans-Bold.ttf");

    static PlotFont() => Fonts.FontResolvers.Insert(0, new Resolver());

    /// <summary>This font, or one of the system's where that can show more of the characters.</summary>
    public static string For(string text)
    {
        var missing = Missing(text, Book);
        if (missing == 0)
            return Name;
        var first = text.EnumerateRunes().First(rune => !Book.ContainsGlyph(rune.Value)).Value;
        using var other = SKFontManager.Default.MatchCharacter(first);
        return other is not null && Missing(text, other) < missing ? other.FamilyName : Name;
    }

    public static SKTypeface Typeface(string name, bool bold = false) => Fonts.GetTypeface(name, bold, italic: false);

    private static int Missing(string text, SKTypeface typeface) =>
        text.EnumerateRunes().Count(rune => !typeface.ContainsGlyph(rune.Value));

    private static SKTypeface Load(string resource)
    {
        using var stream = typeof(PlotFont).Assembly.GetManifestResourceStream(resource)!;
        return SKTypeface.FromStream(stream);
    }

    private sealed class Resolver : IFontResolver
    {
        public SKTypeface? CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing spacing) =>
            CreateTypeface(fontName, weight >= FontWeight.SemiBold, italic: false);

        public SKTypeface? CreateTypeface(string fontName, bool bold, bool italic) =>
            fontName != Name ? null : bold ? Bold : Book;
    }
}
