using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace HwNas.Native.Tests.Reporting;

/// <summary>A picture as SVG, read for tests.</summary>
internal sealed partial class SvgPicture(string svg)
{
    private const string DataClip = "url(#clip1)";

    public XDocument Document { get; } = XDocument.Parse(svg);

    public string[] Texts => [.. All("text").Select(element => element.Value)];

    /// <summary>The middles of the circles with a colour that lie in the data area; none of the legend.</summary>
    public IReadOnlyList<(double X, double Y)> Circles(string fill) =>
        [.. Data("ellipse")
            .Where(element => Value(element, "fill") == fill)
            .Select(circle => (Number(circle, "cx"), Number(circle, "cy")))];

    /// <summary>What was drawn as data; nothing of axes and legend.</summary>
    public IReadOnlyList<XElement> Data(string name) =>
        [.. All(name).Where(element => element.Ancestors().Any(group => Value(group, "clip-path") == DataClip))];

    /// <summary>The area of the data, as left, top, right and bottom.</summary>
    public double[] DataArea => Box(All("clipPath").First().Elements().Single());

    /// <summary>The legend's background.</summary>
    public double[] Legend => Box(All("rect")
        .Single(element => Value(element, "fill") == "white"
            && Value(element, "fill-opacity").StartsWith("0.898", StringComparison.Ordinal)));

    public IEnumerable<XElement> All(string name) => Document.Descendants().Where(element => element.Name.LocalName == name);

    /// <summary>The corners of a path.</summary>
    public static (double X, double Y)[] Corners(XElement path) => [.. Corner().Matches(Value(path, "d"))
        .Select(match => (
            double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture),
            double.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture)))];

    public static string Value(XElement element, string attribute) => (string?)element.Attribute(attribute) ?? "";

    public static double Number(XElement element, string attribute) =>
        double.Parse(Value(element, attribute), CultureInfo.InvariantCulture);

    private static double[] Box(XElement rect)
    {
        var (x, y) = (Number(rect, "x"), Number(rect, "y"));
        return [x, y, x + Number(rect, "width"), y + Number(rect, "height")];
    }

    [GeneratedRegex("[ML]([-0-9.e]+) ([-0-9.e]+)")]
    private static partial Regex Corner();
}
