using System.Xml.Linq;
using HwNas.Cli.Reporting;

namespace HwNas.Native.Tests.Reporting;

public sealed class ParetoPlotTests
{
    private const string Blue = "#0072B2", Orange = "#D55E00", Gray = "gray", Ink = "#333";

    [Fact]
    public void All_evaluated_subnets_are_drawn_faintly_and_the_front_as_stairs_with_markers()
    {
        var svg = Svg(Pictures.OneDevice);

        XElement[] crowd = [.. svg.Data("ellipse").Where(element => SvgPicture.Value(element, "fill") == Gray)];
        Assert.Equal(6, crowd.Length);
        Assert.All(crowd, circle => Assert.InRange(SvgPicture.Number(circle, "fill-opacity"), 0.1, 0.5));
        var front = svg.Circles(Blue);
        Assert.Equal(3, front.Count);
        var line = Assert.Single(
            svg.Data("path"),
            element => SvgPicture.Value(element, "stroke") == Blue && SvgPicture.Value(element, "stroke-width") == "2.5");
        // What a budget between two subnets gives is the cheaper one.
        (double X, double Y)[] stairs =
            [front[0], (front[1].X, front[0].Y), front[1], (front[2].X, front[1].Y), front[2]];
        Assert.All(stairs.Zip(SvgPicture.Corners(line)), pair => AssertNear(pair.First, pair.Second));
    }

    [Fact]
    public void Places_are_proportional_to_cost_and_accuracy()
    {
        var front = Svg(Pictures.OneDevice).Circles(Blue);
        Assert.Equal(front[1].X - front[0].X, front[2].X - front[1].X, 0.05);
        Assert.Equal(front[0].Y - front[1].Y, front[1].Y - front[2].Y, 0.05);
        Assert.True(front[0].X < front[2].X && front[0].Y > front[2].Y);
    }

    [Fact]
    public void The_chosen_subnet_is_ringed_and_its_numbers_stand_in_the_legend()
    {
        var svg = Svg(Pictures.OneDevice);
        var ring = Assert.Single(
            svg.Data("ellipse"),
            element => SvgPicture.Value(element, "stroke") == Ink && SvgPicture.Value(element, "fill") == "none");
        AssertNear(svg.Circles(Blue)[1], (SvgPicture.Number(ring, "cx"), SvgPicture.Number(ring, "cy")));
        Assert.Contains("Chosen: 86.0 % at 200 µs", svg.Texts);
    }

    [Fact]
    public void Error_bars_reach_as_far_as_the_intervals_say_and_only_where_there_are_some()
    {
        var svg = Svg(Pictures.OneDevice);
        // A bar with two caps upwards and one across, of the one point with intervals: 190 to 215 µs, 85.5 to 86.5 %.
        XElement[] bars = [.. svg.Data("path")
            .Where(element => SvgPicture.Value(element, "stroke") == Blue && SvgPicture.Value(element, "stroke-opacity") != "")];
        (double X, double Y)[] up = SvgPicture.Corners(bars[0]), across = SvgPicture.Corners(bars[1]);
        var front = svg.Circles(Blue);
        double unitX = (front[2].X - front[0].X) / 200, unitY = (front[0].Y - front[2].Y) / 4;

        Assert.Equal((2, 6, 6), (bars.Length, up.Length, across.Length));
        Assert.Equal(front[1].X - 10 * unitX, across.Min(corner => corner.X), 0.01);
        Assert.Equal(front[1].X + 15 * unitX, across.Max(corner => corner.X), 0.01);
        Assert.Equal(front[1].Y - 0.5 * unitY, up.Min(corner => corner.Y), 0.01);
        Assert.Equal(front[1].Y + 0.5 * unitY, up.Max(corner => corner.Y), 0.01);
    }

    [Fact]
    public void Title_axes_with_units_legend_and_budget_are_named()
    {
        var texts = Svg(Pictures.OneDevice).Texts;
        Assert.Contains("Front of <box> & co", texts);
        Assert.Contains("Latency (µs)", texts);
        Assert.Contains("Accuracy (%)", texts);
        Assert.Contains("Evaluated (6)", texts);
        Assert.Contains("Pareto front (3)", texts);
        Assert.Contains("Budget: 220 µs", texts);
    }

    [Fact]
    public void The_budget_is_a_dashed_line_over_the_whole_height_at_its_cost()
    {
        var svg = Svg(Pictures.OneDevice);
        var line = Assert.Single(svg.Data("path"), element => SvgPicture.Value(element, "fill") == Ink);
        var corners = SvgPicture.Corners(line);
        var front = svg.Circles(Blue);

        Assert.True(corners.Length / 4 > 20, "a dash has four corners");
        Assert.All(corners, corner => Assert.Equal(front[1].X + 0.1 * (front[2].X - front[0].X), corner.X, 1.5));
        Assert.True(corners.Min(corner => corner.Y) < svg.DataArea[1] + 12
            && corners.Max(corner => corner.Y) > svg.DataArea[3] - 12);
    }

    [Fact]
    public void A_budget_far_off_does_not_squeeze_the_front_and_is_told_instead()
    {
        var svg = Svg(Pictures.OneDevice with { Series = [Pictures.Series with { Budget = 5_000 }] });
        var front = svg.Circles(Blue);
        Assert.True(front[2].X - front[0].X > 600);
        Assert.Contains("Budget: 5,000 µs (further right)", svg.Texts);
        Assert.Contains("Budget: 1 µs (further left)", Svg(Pictures.OneDevice with
        {
            Series = [Pictures.Series with { Evaluated = [], Front = [new(1000, 84), new(1020, 85)], Budget = 1 }],
        }).Texts);
    }

    [Fact]
    public void Devices_have_colours_names_and_budgets_of_their_own_and_far_costs_share_a_logarithmic_axis()
    {
        var slow = new ParetoSeries("phone", [], [new(5_000, 84), new(10_000, 86), new(20_000, 88)]) { Budget = 10_000 };
        var svg = Svg(Pictures.OneDevice with { Series = [Pictures.Series with { Name = "server" }, slow] });

        Assert.Contains("server, chosen: 86.0 % at 200 µs", svg.Texts);
        Assert.Contains("phone", svg.Texts);
        Assert.Contains("10,000", svg.Texts);
        XElement[] squares = [.. svg.Data("rect").Where(element => SvgPicture.Value(element, "fill") == Orange)];
        Assert.Equal(3, squares.Length);
        // Doubling is a constant distance.
        double[] xs = [.. squares.Select(square => SvgPicture.Number(square, "x"))];
        Assert.Equal(xs[1] - xs[0], xs[2] - xs[1], 0.05);
        // A dashed line for each, in its colour and at its cost.
        Assert.Contains("server: budget 220 µs", svg.Texts);
        Assert.Contains("phone: budget 10,000 µs", svg.Texts);
        foreach (var (colour, cost) in new[] { (Blue, 220.0), (Orange, 10_000) })
        {
            var dashes = svg.Data("path").Where(element => SvgPicture.Value(element, "fill") == colour)
                .Select(SvgPicture.Corners).MaxBy(corners => corners.Length)!;
            var at = xs[0] + (SvgPicture.Number(squares[0], "width") / 2) + (Math.Log2(cost / 5_000) * (xs[1] - xs[0]));
            Assert.All(dashes, corner => Assert.Equal(at, corner.X, 1.5));
        }
    }

    [Fact]
    public void A_logarithmic_axis_says_so_and_shows_it_by_its_ticks()
    {
        ParetoPoint[] front = [new(10, 80), new(1_000, 90)];
        var svg = Svg(Pictures.OneDevice with { Series = [new("box", [], front)] });
        Assert.Contains("Latency (µs), log scale", svg.Texts);
        Assert.Contains("Latency (µs)", Svg(Pictures.OneDevice).Texts);
        var ticks = CostScale.LogarithmicTicks(1, 3);
        Assert.Equal(19, ticks.Length);
        Assert.Equal([1, 1.477, 2.477], new[] { ticks[0], ticks[2], ticks[11] }.Select(tick => Math.Round(tick.Position, 3)));
        Assert.Equal([true, false, false], new[] { ticks[0], ticks[2], ticks[11] }.Select(tick => tick.IsMajor));
    }

    [Theory]
    [InlineData(0, 3, "1 2 5 10 20 50 100 200 500 1,000")]
    [InlineData(-5, 1, "1E-5 0.0001 0.001 0.01 0.1 1 10")]
    [InlineData(-30, 30, "1E-30 1E-24 1E-18 1E-12 1E-6 1 1,000,000 1E+12 1E+18 1E+24 1E+30")]
    public void Logarithmic_ticks_are_round_numbers_with_room(double from, double to, string labels) =>
        Assert.Equal(
            labels.Split(' '),
            CostScale.LogarithmicTicks(from, to).Where(tick => tick.IsMajor).Select(tick => tick.Label));

    [Fact]
    public void Subnets_that_are_not_clearly_above_a_cheaper_one_are_hollow()
    {
        static ParetoPoint At(double cost, double accuracy) =>
            new(cost, accuracy, null, new Interval(accuracy - .8, accuracy + .8));

        // Each within the intervals of the one before, but the last beyond those of the first clear one: 1.13 points.
        ParetoPoint[] front = [At(100, 90), At(200, 90.6), At(300, 91.1), At(400, 91.2), At(500, 91.3)];
        var svg = Svg(Pictures.OneDevice with { Series = [new("box", [], front)] });
        Assert.Equal([200, 300, 500], new ParetoSeries("box", [], front).UnclearSteps.Select(point => point.Cost));
        Assert.Equal(3, svg.Data("ellipse").Count(element => SvgPicture.Value(element, "fill") == "white"));
        Assert.Contains("Hollow: not clearly above a cheaper one", svg.Texts);
        Assert.DoesNotContain("Hollow: not clearly above a cheaper one", Svg(Pictures.OneDevice).Texts);
    }

    private static void AssertNear((double X, double Y) expected, (double X, double Y) actual)
    {
        Assert.Equal(expected.X, actual.X, 0.01);
        Assert.Equal(expected.Y, actual.Y, 0.01);
    }

    private static SvgPicture Svg(ParetoPicture picture) => new(ParetoPlot.ToSvg(picture));
}
