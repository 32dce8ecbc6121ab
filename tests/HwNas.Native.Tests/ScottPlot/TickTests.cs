using FsCheck;
using FsCheck.Fluent;
using ScottPlot;
using ScottPlot.Canvases;
using ScottPlot.TickGenerators;

namespace HwNas.Native.Tests.ScottPlot;

public sealed class TickTests
{
    /// <summary>Ranges of every magnitude: a start of up to 10^6 and a span of 10^-4 to 10^8.</summary>
    private static readonly Arbitrary<(double Min, double Max)> Ranges = (
        from start in Gen.Choose(-1_000_000, 1_000_000)
        from digits in Gen.Choose(1000, 9999)
        from exponent in Gen.Choose(-7, 5)
        let min = start / 7.0
        select (min, min + digits * Math.Pow(10, exponent))).ToArbitrary();

    [Fact]
    public void Steps_are_one_two_or_five_times_a_power_of_ten_and_never_more_than_allowed_fit() =>
        Prop.ForAll(Ranges, Gen.Choose(1, 20).ToArbitrary(), (range, most) =>
        {
            double span = range.Max - range.Min, step = NiceSteps.AtMost(span, most);
            double leading = step / Math.Pow(10, Math.Floor(Math.Log10(step) + 1e-9));
            bool nice = new[] { 1.0, 2, 5 }.Any(factor => Math.Abs(leading - factor) < 1e-6);
            // And the step is no larger than it must be: the next smaller one is at least 2/5 of it.
            return nice && span / step <= most * (1 + 1e-6) && span / (step * .4) > most * (1 - 1e-6);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Automatic_ticks_lie_in_the_range_evenly_apart_with_different_labels_that_have_room() =>
        Prop.ForAll(Ranges, Gen.Choose(60, 2000).ToArbitrary(), Gen.Elements(Edge.Bottom, Edge.Left).ToArbitrary(), (range, pixels, edge) =>
        {
            Tick[] ticks = Automatic(range, edge, pixels);
            Tick[] major = [.. ticks.Where(tick => tick.IsMajor)];
            // Neighbouring doubles of this size are so far apart; no position can be nearer to where it should be.
            double grain = Math.BitIncrement(Math.Max(Math.Abs(range.Min), Math.Abs(range.Max))) - Math.Max(Math.Abs(range.Min), Math.Abs(range.Max));
            double slack = (range.Max - range.Min) * 1e-6;
            Assert.All(ticks, tick => Assert.InRange(tick.Position, range.Min - slack, range.Max + slack));
            Assert.InRange(major.Length, 0, 11);
            Assert.Equal(major.Length, major.Select(tick => tick.Label).Distinct().Count());
            if (major.Length < 2) return true;
            double step = major[1].Position - major[0].Position, spacing = step / (range.Max - range.Min) * pixels;
            for (int i = 1; i < major.Length; i++)
            {
                Assert.Equal(step, major[i].Position - major[i - 1].Position, step * 1e-6 + 4 * grain);
                TextSize a = TextRuler.Measure(major[i - 1].Label, new Font(12, false)), b = TextRuler.Measure(major[i].Label, new Font(12, false));
                if (major.Length > 2) Assert.True(edge == Edge.Bottom ? (a.Width + b.Width) / 2 < spacing : a.Height < spacing);
            }
            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Theory]
    [InlineData(0, 1, "0.0 0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8 0.9 1.0")]
    [InlineData(0, 100, "0 10 20 30 40 50 60 70 80 90 100")]
    [InlineData(83.2, 90.4, "84 85 86 87 88 89 90")]
    [InlineData(-0.3, 0.3, "-0.3 -0.2 -0.1 0.0 0.1 0.2 0.3")]
    [InlineData(0, 45000, "0 5000 10,000 15,000 20,000 25,000 30,000 35,000 40,000 45,000")]
    [InlineData(0, 3e9, "0 5e8 1e9 1.5e9 2e9 2.5e9 3e9")]
    public void Known_ranges_have_the_labels_that_a_person_would_write(double min, double max, string labels) =>
        Assert.Equal(labels.Split(' '), Automatic((min, max), Edge.Bottom, 2000).Where(tick => tick.IsMajor).Select(tick => tick.Label));

    [Fact]
    public void Less_room_means_fewer_ticks_down_to_one()
    {
        int[] counts = [.. new[] { 1000, 400, 200, 100, 30 }.Select(pixels => Automatic((0, 100), Edge.Bottom, pixels).Count(tick => tick.IsMajor))];
        Assert.Equal(counts.OrderDescending(), counts);
        Assert.Equal(11, counts[0]);
        Assert.InRange(counts[^1], 1, 2);
    }

    [Fact]
    public void A_reversed_range_has_the_same_ticks() =>
        Assert.Equal(Automatic((0, 10), Edge.Left, 300).Select(tick => tick.Position), Automatic((10, 0), Edge.Left, 300).Select(tick => tick.Position));

    [Fact]
    public void Minor_ticks_lie_between_major_ones_and_never_on_them()
    {
        Tick[] ticks = Automatic((0, 10), Edge.Bottom, 2000);
        Assert.Equal(11, ticks.Count(tick => tick.IsMajor));
        Assert.Equal(40, ticks.Count(tick => !tick.IsMajor));
        Assert.Equal(ticks.Length, ticks.Select(tick => Math.Round(tick.Position, 6)).Distinct().Count());
    }

    [Fact]
    public void Manual_ticks_are_shown_where_they_are_visible()
    {
        using var plot = new Plot();
        plot.Axes.Bottom.SetTicks([1, 2, 30], ["one", "two", "thirty"]);
        plot.Axes.SetLimits(0, 10, 0, 1);
        string svg = plot.GetSvgXml(400, 300);
        Assert.Contains(">one<", svg);
        Assert.Contains(">two<", svg);
        Assert.DoesNotContain("thirty", svg);
    }

    [Fact]
    public void A_label_formatter_replaces_the_numbers()
    {
        using var plot = new Plot();
        plot.Axes.Left.TickGenerator = new NumericAutomatic { LabelFormatter = value => $"{value:0}!" };
        plot.Axes.SetLimits(0, 1, 0, 10);
        Assert.Contains(">10!<", plot.GetSvgXml(400, 300));
    }

    private static Tick[] Automatic((double Min, double Max) range, Edge edge, float pixels)
    {
        ITickGenerator generator = new NumericAutomatic();
        generator.Regenerate(range, edge, pixels, new LabelStyle());
        return generator.Ticks;
    }
}
