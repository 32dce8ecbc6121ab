using System.Text;
using System.Xml;
using SkiaSharp;

namespace HwNas.Cli.Reporting;

/// <summary>
/// A text as a picture can show it: in one line, of characters that its font and XML have, no wider than its place.
/// </summary>
internal sealed record PlotText(string Text, string FontName, float Size)
{
    private const char Ellipsis = '…';

    // Far more than fits anywhere, and quick to measure.
    private const int MostCharacters = 400;

    /// <summary>
    /// The text in the largest size from <paramref name="size"/> down to <paramref name="smallest"/> that fits; where none
    /// does, cut. The font is the given one, or what suits the text.
    /// </summary>
    public static PlotText Fitted(
        string text, float size, float smallest, float width, bool bold = false, string? fontName = null)
    {
        var clean = Clean(text);
        fontName ??= PlotFont.For(clean);
        var typeface = PlotFont.Typeface(fontName, bold);
        clean = string.Concat(
            clean.EnumerateRunes().Select(rune => typeface.ContainsGlyph(rune.Value) ? rune : Rune.ReplacementChar));

        // Linear, that is not rounded to pixels, a width is in proportion to the size.
        using var font = new SKFont(typeface, size) { Subpixel = true, LinearMetrics = true };
        var fitting = size * Math.Min(1, width / Math.Max(font.MeasureText(clean), 1));
        if (fitting >= smallest)
            return new PlotText(clean, fontName, fitting);
        font.Size = smallest;
        var runes = clean.EnumerateRunes().ToList();
        while (runes.Count > 0 && font.MeasureText(string.Concat(runes) + Ellipsis) > width)
            runes.RemoveAt(runes.Count - 1);
        return new PlotText(string.Concat(runes) + Ellipsis, fontName, smallest);
    }

    private static string Clean(string text)
    {
        var clean = new StringBuilder();
        // Halves of surrogate pairs come out of the enumeration as replacement characters.
        foreach (var rune in text.EnumerateRunes().Take(MostCharacters))
        {
            var isXml = !rune.IsBmp || XmlConvert.IsXmlChar((char)rune.Value);
            if (!Rune.IsWhiteSpace(rune))
                clean.Append(isXml && !Rune.IsControl(rune) ? rune.ToString() : Rune.ReplacementChar.ToString());
            else if (clean.Length > 0 && clean[^1] != ' ')
                clean.Append(' ');
        }

        return clean.ToString().TrimEnd();
    }
}
