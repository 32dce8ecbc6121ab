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

    /// <summary>Where the first letter of each text stands, but for those that are turned.</summary>
    public IEnumerable<(string Text, double X, double Y)> TextPlaces => All("text")
        .Select(text => (text.Value, Place: Translation().Match(Value(text, "transform")), X: Value(text, "x").Split(',')[0]))
        .Where(text => text.Place.Success)
        .Select(text => (
            text.Value, Parsed(text.Place.Groups[1].Value) + Parsed(text.X), Parsed(text.Place.Groups[2].Value)));

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

    private static double Parsed(string number) => double.Parse(number, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^translate\(([-0-9.e]+) ([-0-9.e]+)\)$")]
    private static partial Regex Translation();

    [GeneratedRegex("[ML]([-0-9.e]+) ([-0-9.e]+)")]
    private static partial Regex Corner();
}
