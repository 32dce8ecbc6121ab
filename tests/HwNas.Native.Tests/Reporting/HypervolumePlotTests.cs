using System.Globalization;
using System.Xml.Linq;
using HwNas.Cli.Reporting;
using HwNas.Core;
using HwNas.Core.Search;
using HwNas.Native.Tests.Support;

namespace HwNas.Native.Tests.Reporting;

public sealed class HypervolumePlotTests
{
    private static readonly SearchMetric[] Course = [new(10, 3, 100, 1.5), new(20, 5, 150, 3), new(40, 6, 160, 6)];

    [Fact]
    public void Each_batch_is_a_marker_at_its_evaluations_and_hypervolume()
    {
        var svg = Draw(Course);
        var circles = svg.Descendants().Where(e => e.Name.LocalName == "circle").Select(e => (X: Number(e, "cx"), Y: Number(e, "cy"))).Take(3).ToArray();

        Assert.Equal(2 * (circles[1].X - circles[0].X), circles[2].X - circles[1].X, 0.05);
        Assert.Equal(circles[0].Y - circles[1].Y, 5 * (circles[1].Y - circles[2].Y), 0.1);
        var texts = string.Join('|', svg.Descendants().Where(e => e.Name.LocalName == "text").Select(e => e.Value));
        Assert.Contains("Evaluated networks", texts, StringComparison.Ordinal);
        Assert.Contains("160 after 40 evaluations, 6 on the front, 6 s", texts, StringComparison.Ordinal);
    }

    [Fact]
    public void A_single_batch_and_a_flat_course_are_drawn()
    {
        Assert.NotEmpty(Draw(Course[..1]).Descendants());
        Assert.NotEmpty(Draw([new(5, 1, 0, 1), new(9, 1, 0, 2)]).Descendants());
    }

    [Fact]
    public void A_course_without_hypervolume_is_refused() =>
        Assert.Contains("no hypervolume", Assert.Throws<InputException>(() => Draw([new(5, 1, null, 1)])).Message, StringComparison.Ordinal);

    private static XDocument Draw(IReadOnlyList<SearchMetric> course)
    {
        using var folder = new TemporaryFolder();
        HypervolumePlot.Save(course, folder.File("course.svg"));
        return XDocument.Load(folder.File("course.svg"));
    }

    private static double Number(XElement element, string name) => double.Parse(element.Attribute(name)!.Value, CultureInfo.InvariantCulture);
}
