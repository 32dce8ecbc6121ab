using HwNas.Cli.Reporting;

namespace HwNas.Native.Tests.Reporting;

public sealed class PlotLegendTests
{
    private const string Blue = "#0072B2";

    public static TheoryData<string, Func<double, double>> Shapes => new()
    {
        { "rising", x => x },
        { "falling", x => -x },
        { "steep, then flat", x => 1 - Math.Exp(-20 * x) },
        { "flat, then steep", x => Math.Exp(20 * (x - 1)) },
        { "flat", _ => 0 },
        { "a hill", x => -(x - .5) * (x - .5) },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void It_hides_no_point_of_the_front_wherever_that_runs(string shape, Func<double, double> accuracy)
    {
        ParetoPoint[] points = [.. Enumerable.Range(0, 30).Select(i => new ParetoPoint(100 + i, 80 + accuracy(i / 29.0)))];
        AssertNothingHidden(shape, points);
    }

    [Fact]
    public void Where_every_corner_has_a_point_of_the_front_it_lies_below_the_picture()
    {
        ParetoPoint[] points = [new(100, 80), new(101, 90), new(199, 80.5), new(200, 90)];
        var svg = AssertNothingHidden("corners", points);
        Assert.True(svg.Legend[1] > svg.DataArea[3]);
    }

    [Fact]
    public void It_does_not_lie_on_the_text_of_the_chosen_subnet()
    {
        ParetoPoint[] front = [new(100, 80), new(290, 81), new(300, 90)];
        SvgPicture svg = new(ParetoPlot.ToSvg(new ParetoPicture("", "x", "y", [new ParetoSeries("s", front, front, front[1])])));
        var (x, y) = svg.Circles(Blue)[1];
        Assert.False(y > svg.Legend[1] - 10 && x > svg.Legend[0] - 10, "the legend lies at the chosen subnet");
    }

    [Fact]
    public void Of_many_devices_with_long_names_it_stays_inside_the_picture()
    {
        ParetoSeries[] series = [.. Enumerable.Range(0, 9).Select(i =>
            new ParetoSeries($"{i} {new string('m', 300)}", [], [new(100 + i, 80), new(200 + i, 81)]))];
        SvgPicture svg = new(ParetoPlot.ToSvg(new ParetoPicture("t", "x", "y", series)));
        Assert.InRange(svg.Legend[0], 0, svg.Legend[2]);
        Assert.InRange(svg.Legend[2], svg.Legend[0], PlotFile.Width);
        Assert.InRange(svg.Legend[3], svg.Legend[1], PlotFile.Height);
        Assert.Equal(9, svg.Texts.Count(text => text.EndsWith("m…", StringComparison.Ordinal)));
    }

    private static SvgPicture AssertNothingHidden(string shape, ParetoPoint[] points)
    {
        SvgPicture svg = new(ParetoPlot.ToSvg(new ParetoPicture("", "x", "y", [new ParetoSeries(shape, points, points)])));
        var legend = svg.Legend;
        Assert.Equal(points.Length, svg.Circles(Blue).Count);
        Assert.DoesNotContain(
            svg.Circles(Blue),
            point => point.X > legend[0] - 4 && point.X < legend[2] + 4 && point.Y > legend[1] - 4 && point.Y < legend[3] + 4);
        return svg;
    }
}
