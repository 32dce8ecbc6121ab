using System.Globalization;
using System.Text;
using System.Xml;

namespace ScottPlot.Canvases;

/// <summary>
/// Writes SVG 1.1 itself rather than through cairo, which would turn every text into outlines: here texts stay
/// texts, which can be searched, selected and read aloud, and files stay small.
/// </summary>
internal sealed class SvgCanvas : Canvas
{
    private readonly StringBuilder xml = new();
    private readonly XmlWriter writer;

    public SvgCanvas(int width, int height, double scale)
    {
        writer = XmlWriter.Create(xml, new XmlWriterSettings { Indent = true, IndentChars = " ", OmitXmlDeclaration = true, NewLineChars = "\n" });
        writer.WriteStartElement("svg", "http://www.w3.org/2000/svg");
        Attribute("version", "1.1");
        Attribute("width", width.ToString(CultureInfo.InvariantCulture));
        Attribute("height", height.ToString(CultureInfo.InvariantCulture));
        Attribute("viewBox", $"0 0 {Number(width / scale)} {Number(height / scale)}");
        Attribute("font-family", Font.SvgFamily);
        Attribute("stroke-linejoin", "round");
    }

    public string ToXml()
    {
        writer.WriteEndElement();
        writer.Flush();
        return xml.ToString() + "\n";
    }

    public override void Path(ReadOnlySpan<Pixel> points, bool closed, LineStyle? stroke, Color fill)
    {
        if (points.Length == 0) return;
        var data = new StringBuilder();
        for (int i = 0; i < points.Length; i++)
            data.Append(i == 0 ? 'M' : 'L').Append(Number(points[i].X)).Append(' ').Append(Number(points[i].Y));
        if (closed) data.Append('Z');
        writer.WriteStartElement("path");
        Attribute("d", data.ToString());
        Paint(stroke, fill);
        writer.WriteEndElement();
    }

    public override void Circle(Pixel center, float radius, LineStyle? stroke, Color fill)
    {
        writer.WriteStartElement("circle");
        Attribute("cx", Number(center.X));
        Attribute("cy", Number(center.Y));
        Attribute("r", Number(radius));
        Paint(stroke, fill);
        writer.WriteEndElement();
    }

    protected override void Glyphs(string text, Pixel origin, float rotationDegrees, Font font, Color color)
    {
        writer.WriteStartElement("text");
        Attribute("x", Number(origin.X));
        Attribute("y", Number(origin.Y));
        if (rotationDegrees != 0)
            Attribute("transform", $"rotate({Number(rotationDegrees)} {Number(origin.X)} {Number(origin.Y)})");
        Attribute("font-size", Number(font.Size));
        if (font.Bold) Attribute("font-weight", "bold");
        Attribute("fill", color.ToStringRGB());
        if (color.Alpha < 255) Attribute("fill-opacity", Number(color.Alpha / 255d));
        writer.WriteString(text);
        writer.WriteEndElement();
    }

    public override void PushClip(PixelRect area)
    {
        // A nested svg element clips to its box without an id, so that several pictures can share one page.
        writer.WriteStartElement("svg");
        Attribute("x", Number(area.Left));
        Attribute("y", Number(area.Top));
        Attribute("width", Number(area.Width));
        Attribute("height", Number(area.Height));
        Attribute("viewBox", $"{Number(area.Left)} {Number(area.Top)} {Number(area.Width)} {Number(area.Height)}");
    }

    public override void PopClip() => writer.WriteEndElement();

    public override void Dispose() => writer.Dispose();

    private void Paint(LineStyle? stroke, Color fill)
    {
        Attribute("fill", fill.Alpha == 0 ? "none" : fill.ToStringRGB());
        if (fill.Alpha is > 0 and < 255) Attribute("fill-opacity", Number(fill.Alpha / 255d));
        if (stroke is not { Draws: true }) return;
        Attribute("stroke", stroke.Color.ToStringRGB());
        if (stroke.Color.Alpha < 255) Attribute("stroke-opacity", Number(stroke.Color.Alpha / 255d));
        Attribute("stroke-width", Number(stroke.Width));
        if (stroke.Pattern.Dashes.Length > 0)
            Attribute("stroke-dasharray", string.Join(' ', stroke.Pattern.Dashes.ToArray().Select(dash => Number(dash))));
    }

    private void Attribute(string name, string value) => writer.WriteAttributeString(name, value);

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
