using System.Globalization;
using System.Text;
using System.Xml.Linq;
using HwNas.Cli.Reporting;
using HwNas.Core;

namespace HwNas.Native.Tests.Reporting;

public sealed class ParetoPlotTests
{
    private const string Blue = "#0072B2", Orange = "#D55E00", Gray = "#808080", Ink = "#333333";

    [Fact]
    public void All_evaluated_subnets_are_drawn_faintly_and_the_front_as_a_line_with_markers()
    {
        XDocument svg = Svg(Pictures.OneDevice);

        XElement[] crowd = [.. Data(svg).Where(element => element.Name.LocalName == "circle" && Value(element, "fill") == Gray)];
        Assert.Equal(6, crowd.Length);
        Assert.All(crowd, circle => Assert.InRange(Number(circle, "fill-opacity"), 0.1, 0.5));
        (double X, double Y)[] front = [.. Circles(svg, Blue)];
        Assert.Equal(3, front.Length);
        XElement line = Assert.Single(Data(svg), element => element.Name.LocalName == "path" && Value(element, "stroke") == Blue && Value(element, "stroke-width") == "2");
        Assert.Equal("M" + string.Join('L', front.Select(point => string.Create(CultureInfo.InvariantCulture, $"{point.X} {point.Y}"))), Value(line, "d"));
    }

    [Fact]
    public void Places_are_proportional_to_cost_and_accuracy()
    {
        (double X, double Y)[] front = [.. Circles(Svg(Pictures.OneDevice), Blue)];
        Assert.Equal(front[1].X - front[0].X, front[2].X - front[1].X, 0.05);
        Assert.Equal(front[0].Y - front[1].Y, front[1].Y - front[2].Y, 0.05);
        Assert.True(front[0].X < front[2].X && front[0].Y > front[2].Y);
    }

    [Fact]
    public void The_chosen_subnet_is_ringed_and_named_with_its_numbers_and_unit()
    {
        XDocument svg = Svg(Pictures.OneDevice);
        XElement ring = Assert.Single(Data(svg), element => element.Name.LocalName == "circle" && Value(element, "stroke") == Ink && Value(element, "fill") == "none");
        (double x, double y) = Circles(svg, Blue).ElementAt(1);
        Assert.Equal((x, y), (Number(ring, "cx"), Number(ring, "cy")));
        Assert.Contains("chosen: 86.0 % at 200 µs", Texts(svg));
    }

    [Fact]
    public void Error_bars_are_drawn_only_where_the_uncertainty_is_known()
    {
        // A bar and two caps, across and up, of the one point with intervals.
        XElement[] bars = [.. Data(Svg(Pictures.OneDevice)).Where(element => element.Name.LocalName == "path" && Value(element, "stroke") == Blue && Value(element, "stroke-opacity") != "")];
        Assert.Equal(6, bars.Length);
    }

    [Fact]
    public void Title_axes_with_units_legend_and_budget_are_named()
    {
        string[] texts = Texts(Svg(Pictures.OneDevice));
        Assert.Contains("Front of <box> & co", texts);
        Assert.Contains("Latency (µs)", texts);
        Assert.Contains("Accuracy (%)", texts);
        Assert.Contains("Evaluated (6)", texts);
        Assert.Contains("Pareto front (3)", texts);
        Assert.Contains("Budget: 220 µs", texts);
    }

    [Fact]
    public void Devices_have_colours_and_names_of_their_own_and_far_costs_share_a_logarithmic_axis()
    {
        var slow = new ParetoSeries("phone", [], [new(5_000, 84), new(10_000, 86), new(20_000, 88)]);
        XDocument svg = Svg(Pictures.OneDevice with { Series = [Pictures.Series with { Name = "server" }, slow], CostBudget = null });

        string[] texts = Texts(svg);
        Assert.Contains("server, chosen: 86.0 % at 200 µs", texts);
        Assert.Contains("phone", texts);
        Assert.Contains("10,000", texts);
        XElement[] squares = [.. Data(svg).Where(element => element.Name.LocalName == "path" && Value(element, "fill") == Orange)];
        Assert.Equal(3, squares.Length);
        // Doubling is a constant distance.
        double[] xs = [.. squares.Select(square => double.Parse(Value(square, "d")[1..].Split(' ')[0], CultureInfo.InvariantCulture))];
        Assert.Equal(xs[1] - xs[0], xs[2] - xs[1], 0.05);
    }

    [Fact]
    public void Legend_and_front_do_not_cover_each_other_wherever_the_front_runs()
    {
        foreach (bool rising in (bool[])[true, false])
        {
            ParetoPoint[] points = [.. Enumerable.Range(0, 30).Select(i => new ParetoPoint(100 + i, 80 + (rising ? i : -i) * .1))];
            XDocument svg = Svg(new ParetoPicture("", "x", "y", [new ParetoSeries("s", points, points)]));
            XElement legend = svg.Descendants().Single(element => element.Name.LocalName == "path" && Value(element, "fill-opacity") == "0.9");
            double[] box = [.. Value(legend, "d").Trim('M', 'Z').Split('L').SelectMany(corner => corner.Split(' ')).Select(text => double.Parse(text, CultureInfo.InvariantCulture))];
            Assert.DoesNotContain(Circles(svg, Blue), point => point.X > box[0] && point.X < box[2] && point.Y > box[1] && point.Y < box[5]);
        }
    }

    [Fact]
    public void Nothing_one_point_and_numbers_that_are_none_give_pictures_too()
    {
        var nothing = new ParetoPicture("", "x", "y", []);
        var one = nothing with { Series = [new ParetoSeries("s", [], [new(5, 80)], new(5, 80))] };
        var none = nothing with { Series = [new ParetoSeries("s", [new(double.NaN, 80), new(0, double.NaN), new(double.PositiveInfinity, 3)], [new(5, 80), new(500, 81)])] };
        foreach (ParetoPicture picture in (ParetoPicture[])[nothing, one, none]) Assert.DoesNotContain("NaN", ParetoPlot.ToSvg(picture));
        Assert.Equal(2, Circles(Svg(none), Blue).Count());
    }

    [Fact]
    public void Png_svg_and_pdf_are_written_by_the_ending_of_the_name_and_others_refused()
    {
        string folder = Directory.CreateTempSubdirectory("hwnas-pareto-").FullName;
        try
        {
            foreach (string name in (string[])["a.png", "b.SVG", "c.pdf"]) ParetoPlot.Save(Pictures.OneDevice, Path.Combine(folder, name));

            var png = new PngPicture(File.ReadAllBytes(Path.Combine(folder, "a.png")));
            Assert.Equal((1800, 1200), (png.Width, png.Height));
            Assert.Equal(ParetoPlot.ToSvg(Pictures.OneDevice), File.ReadAllText(Path.Combine(folder, "b.SVG")));
            Assert.StartsWith("%PDF-", Encoding.Latin1.GetString(File.ReadAllBytes(Path.Combine(folder, "c.pdf"))));
            var error = Assert.Throws<InputException>(() => ParetoPlot.Save(Pictures.OneDevice, Path.Combine(folder, "d.jpg")));
            Assert.Contains(".png, .svg or .pdf", error.Message);
            Assert.Equal(3, Directory.GetFiles(folder).Length);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static XDocument Svg(ParetoPicture picture) => XDocument.Parse(ParetoPlot.ToSvg(picture));

    /// <summary>What lies in the data area, that is in the nested svg element; so nothing of the legend.</summary>
    private static IEnumerable<XElement> Data(XDocument svg) => svg.Root!.Elements().Single(element => element.Name.LocalName == "svg").Descendants();

    private static IEnumerable<(double X, double Y)> Circles(XDocument svg, string fill) => Data(svg)
        .Where(element => element.Name.LocalName == "circle" && Value(element, "fill") == fill)
        .Select(circle => (Number(circle, "cx"), Number(circle, "cy")));

    private static string[] Texts(XDocument svg) => [.. svg.Descendants().Where(element => element.Name.LocalName == "text").Select(element => element.Value)];

    private static string Value(XElement element, string attribute) => (string?)element.Attribute(attribute) ?? "";

    private static double Number(XElement element, string attribute) => double.Parse(Value(element, attribute), CultureInfo.InvariantCulture);
}
