using System.Xml.Linq;
using ScottPlot;
using SkiaSharp;

namespace HwNas.Cli.Reporting;

/// <summary>Skia's SVG, made right for viewers with other fonts and for a place inside an HTML page.</summary>
internal static class PlotSvg
{
    // Verdana has the widths of DejaVu Sans.
    private const string OtherFonts = ", Verdana, sans-serif";

    public static string Of(Plot plot, int width, int height)
    {
        using var written = new MemoryStream();
        // Complete only when the canvas is gone.
        using (var canvas = SKSvgCanvas.Create(new SKRect(0, 0, width, height), written))
            plot.Render(canvas, width, height);
        written.Position = 0;
        var svg = XElement.Load(written);
        var ns = svg.Name.Namespace;

        // Skia clears the canvas with transparency, which SVG shows as black; the white background covers it.
        svg.Elements(ns + "rect").First().Remove();
        svg.SetAttributeValue("viewBox", FormattableString.Invariant($"0 0 {width} {height}"));
        foreach (var text in svg.Descendants(ns + "text"))
        {
            text.Value = text.Value.Trim();
            text.SetAttributeValue("font-family", text.Attribute("font-family")?.Value + OtherFonts);
            foreach (var name in (string[])["x", "y"])
                text.SetAttributeValue(name, text.Attribute(name)?.Value.TrimEnd(' ', ','));
        }

        NumberClips(svg, ns);
        return svg + "\n";
    }

    /// <summary>
    /// Skia makes a clip for each thing drawn and numbers them on through the whole process; here equal ones are one, and
    /// the same picture is the same text.
    /// </summary>
    private static void NumberClips(XElement svg, XNamespace ns)
    {
        var ids = new Dictionary<string, string>();
        var newIds = new Dictionary<string, string>();
        foreach (var clip in svg.Descendants(ns + "clipPath").ToArray())
        {
            string oldId = clip.Attribute("id")!.Value, shape = string.Concat(clip.Elements());
            if (ids.TryGetValue(shape, out var id))
                clip.Remove();
            else
                clip.SetAttributeValue("id", id = ids[shape] = $"clip{ids.Count + 1}");
            newIds[$"url(#{oldId})"] = $"url(#{id})";
        }

        foreach (var use in svg.Descendants().Attributes("clip-path"))
            use.Value = newIds[use.Value];
    }
}
