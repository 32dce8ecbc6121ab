using System.Xml.Linq;
using ScottPlot;
using ScottPlot.Canvases;

namespace HwNas.Native.Tests.ScottPlot;

public sealed class PlotLimitsTests
{
    [Fact]
    public void Automatic_limits_hold_all_data_and_their_error_bars_with_the_margins()
    {
        using var plot = new Plot();
        plot.Add.Scatter([0, 10], [100, 200]);
        plot.Add.Plottable(new global::ScottPlot.Plottables.ErrorBar([10], [200], [10], null, null, [150]));
        plot.Add.VerticalLine(-20);

        plot.Axes.AutoScale();

        // x from -20 to 20, y from 50 to 200; 5 % and 7.5 % on either side, as ScottPlot's default margins say.
        AxisLimits limits = plot.Axes.GetLimits();
        Assert.Equal((-22, 22, 50 - 11.25, 200 + 11.25), (limits.Left, limits.Right, limits.Bottom, limits.Top));

        plot.Axes.Margins(0, 0);
        limits = plot.Axes.GetLimits();
        Assert.Equal((-20, 20, 50, 200), (limits.Left, limits.Right, limits.Bottom, limits.Top));
    }

    [Fact]
    public void Limits_set_by_hand_stay_and_unset_ones_fit_the_data()
    {
        using var plot = new Plot();
        plot.Add.Scatter([0, 10], [0, 10]);
        plot.Axes.SetLimitsX(3, 4);
        plot.GetSvgXml(300, 200);
        AxisLimits limits = plot.Axes.GetLimits();
        Assert.Equal((3, 4, -.75, 10.75), (limits.Left, limits.Right, limits.Bottom, limits.Top));
    }

    public static TheoryData<double[], double[]> Awkward => new()
    {
        { [], [] },
        { [5], [5] },
        { [1, 1, 1], [2, 2, 2] },
        { [double.NaN], [double.NaN] },
        { [double.PositiveInfinity, 1], [1, double.NegativeInfinity] },
        { [1e300, -1e300], [1e-300, 2e-300] },
        { [1e15, 1e15 + 1], [0, 0] },
        { [-0.0, 0.0], [double.Epsilon, 0] },
    };

    [Theory]
    [MemberData(nameof(Awkward))]
    public void Awkward_data_give_a_picture_with_finite_limits(double[] xs, double[] ys)
    {
        using var plot = new Plot();
        plot.Add.Scatter(xs, ys).LegendText = "x";

        XDocument svg = XDocument.Parse(plot.GetSvgXml(400, 300));

        AxisLimits limits = plot.Axes.GetLimits();
        Assert.All([limits.Left, limits.Right, limits.Bottom, limits.Top], side => Assert.True(double.IsFinite(side)));
        Assert.True(limits.Left < limits.Right && limits.Bottom < limits.Top);
        Assert.DoesNotContain("NaN", svg.ToString());
        Assert.Equal(400, new PngPicture(plot.GetImageBytes(400, 300, ImageFormat.Png)).Width);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(12, 200)]
    [InlineData(200, 7)]
    public void A_picture_too_small_for_its_labels_is_still_a_picture(int width, int height)
    {
        using var plot = new Plot();
        plot.Title("A title");
        plot.XLabel("A label");
        plot.Add.Scatter([1, 2], [3, 4]);
        var picture = new PngPicture(plot.GetImageBytes(width, height, ImageFormat.Png));
        Assert.Equal((width, height), (picture.Width, picture.Height));
    }

    [Fact]
    public void Long_tick_labels_get_the_room_that_they_need()
    {
        using var plot = new Plot();
        plot.Add.Scatter([0, 1], [123456.001, 123456.002]);
        XDocument svg = XDocument.Parse(plot.GetSvgXml(500, 300));
        XElement[] yLabels = [.. svg.Descendants().Where(element => element.Name.LocalName == "text" && element.Value.StartsWith("123,456.", StringComparison.Ordinal))];
        Assert.True(yLabels.Length >= 2);
        Assert.All(yLabels, label => Assert.True(double.Parse(label.Attribute("x")!.Value) >= 0));
        Assert.Equal(yLabels.Length, yLabels.Select(label => label.Value).Distinct().Count());
    }

    [Fact]
    public void Wrong_arguments_are_refused_with_what_is_wrong()
    {
        using var plot = new Plot();
        Assert.Contains("3 xs and 2 ys", Assert.Throws<ArgumentException>(() => plot.Add.Scatter([1, 2, 3], [1, 2])).Message);
        Assert.Contains("NaN", Assert.Throws<ArgumentException>(() => plot.Axes.SetLimits(double.NaN, 1, 0, 1)).Message);
        Assert.Contains("different", Assert.Throws<ArgumentException>(() => plot.Axes.SetLimitsY(2, 2)).Message);
        Assert.Contains("0 by 10", Assert.Throws<ArgumentException>(() => plot.GetImageBytes(0, 10, ImageFormat.Png)).Message);
        Assert.Contains("-1", Assert.Throws<ArgumentException>(() => plot.GetSvgXml(10, -1)).Message);
        Assert.Contains("2 positions and 1 labels", Assert.Throws<ArgumentException>(() => plot.Axes.Bottom.SetTicks([1, 2], ["a"])).Message);
        Assert.Throws<ArgumentException>(() => new global::ScottPlot.Plottables.ErrorBar([1], [1], [1, 2], null, null, null));
        Assert.Throws<NotSupportedException>(() => plot.GetImageBytes(10, 10, ImageFormat.Jpeg));
    }

    [Fact]
    public void A_missing_library_is_named_with_the_package_that_has_it()
    {
        var error = Assert.Throws<DllNotFoundException>(() => Cairo.Load("libcairo-that-is-not-there.so.2"));
        Assert.Contains("libcairo-that-is-not-there.so.2", error.Message);
        Assert.Contains("apt-get install libcairo2", error.Message);
    }

    [Theory]
    [InlineData("#0072B2", 0, 0x72, 0xB2, 255)]
    [InlineData("ff000080", 255, 0, 0, 128)]
    [InlineData("nonsense", 0, 0, 0, 255)]
    public void Colours_are_read_from_hexadecimal(string hex, byte red, byte green, byte blue, byte alpha) =>
        Assert.Equal(new Color(red, green, blue, alpha), Color.FromHex(hex));
}
