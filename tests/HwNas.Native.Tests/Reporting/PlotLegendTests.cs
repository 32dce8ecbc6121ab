using HwNas.Cli.Reporting;

namespace HwNas.Native.Tests.Reporting;

public sealed class PlotLegendTests
{
    private static readonly ParetoPoint[] Corners = [new(100, 80), new(101, 90), new(199, 80.5), new(200, 90)];

    [Fact]
    public void No_text_lies_on_the_data_and_the_legend_below_all_else()
    {
        var picture = Pictures.OneDevice with { Series = [Pictures.Series with { Evaluated = Corners, Front = Corners }] };
        var svg = new SvgPicture(ParetoPlot.ToSvg(picture));
        var area = svg.DataArea;

        Assert.DoesNotContain(
            svg.TextPlaces, text => text.X > area[0] && text.X < area[2] && text.Y > area[1] && text.Y < area[3]);
        var lowest = svg.TextPlaces.Where(text => text.Text.StartsWith("Latency", StringComparison.Ordinal)).Max(text => text.Y);
        string[] legend =
        [
            "Evaluated (4)", "Budget: 220 µs", "Pareto front (4)", "Hollow: not clearly above a cheaper one",
            "Chosen: 86.0 % at 200 µs",
        ];
        Assert.Equal(
            legend.Order(StringComparer.Ordinal),
            svg.TextPlaces.Where(text => text.Y > lowest).Select(text => text.Text).Order(StringComparer.Ordinal));
        Assert.True(area[3] - area[1] > 440, "one row of legend leaves the data room");
    }

    [Fact]
    public void Of_many_devices_with_long_names_it_stays_inside_the_picture()
    {
        ParetoSeries[] series = [.. Enumerable.Range(0, 9).Select(i =>
            new ParetoSeries($"{i} {new string('m', 300)}", [], [new(100 + i, 80), new(200 + i, 81)]))];
        var svg = new SvgPicture(ParetoPlot.ToSvg(new ParetoPicture("t", "x", "y", series)));
        (string Text, double X, double Y)[] names =
            [.. svg.TextPlaces.Where(text => text.Text.EndsWith("m…", StringComparison.Ordinal))];

        Assert.Equal(9, names.Length);
        Assert.Equal(9, names.DistinctBy(name => (name.X, name.Y)).Count());
        Assert.All(names, name => Assert.InRange(name.X, 0, PlotFile.Width / 2));
        Assert.All(names, name => Assert.InRange(name.Y, svg.DataArea[3] + 20, PlotFile.Height));
    }
}
