using ScottPlot;
using ScottPlot.Plottables;

namespace HwNas.Native.Tests.ScottPlot;

public sealed class PlotPngTests
{
    private static readonly Color Red = new(255, 0, 0), Blue = new(0, 0, 255);

    [Theory]
    [InlineData(400, 300, 1)]
    [InlineData(801, 533, 1)]
    [InlineData(800, 600, 2)]
    public void A_picture_has_the_size_asked_for_and_is_opaque(int width, int height, double scale)
    {
        using var plot = new Plot { ScaleFactor = scale };
        plot.Add.Scatter([1, 2, 3], [3, 1, 2]);

        PngPicture picture = Picture(plot, width, height);

        Assert.Equal((width, height), (picture.Width, picture.Height));
        Assert.Equal(255, picture[0, 0].Alpha);
        Assert.Equal(Colors.White, picture[width - 1, height - 1]);
    }

    [Theory]
    [InlineData(MarkerShape.FilledCircle, 1)]
    [InlineData(MarkerShape.FilledSquare, 1)]
    [InlineData(MarkerShape.FilledDiamond, 2)]
    [InlineData(MarkerShape.FilledTriangleUp, 1)]
    [InlineData(MarkerShape.FilledTriangleDown, 2)]
    public void Filled_markers_lie_at_their_data_coordinates(MarkerShape shape, double scale)
    {
        using var plot = new Plot { ScaleFactor = scale };
        (double X, double Y)[] places = [(12, -3), (40, 9.5), (77, 2)];
        foreach ((double x, double y) in places) plot.Add.Marker(x, y, shape, size: 16, Red);
        plot.Axes.SetLimits(0, 100, -5, 10);

        PngPicture picture = Picture(plot, 600, 400);

        foreach ((double x, double y) in places)
        {
            Pixel at = plot.GetPixel(new Coordinates(x, y));
            Assert.Equal(Red, picture.At(at));
            foreach ((float dx, float dy) in ((float, float)[])[(0, 11), (11, 0), (-11, 0), (0, -11)])
                Assert.NotEqual(Red, picture.At(new Pixel(at.X + dx * (float)scale, at.Y + dy * (float)scale)));
        }
    }

    [Fact]
    public void An_open_circle_is_empty_inside_and_coloured_on_its_rim()
    {
        using var plot = new Plot();
        Marker ring = plot.Add.Marker(5, 5, MarkerShape.OpenCircle, 20, Red);
        ring.MarkerLineWidth = 4;
        plot.Axes.SetLimits(0, 10, 0, 10);
        plot.Grid.IsVisible = false;

        PngPicture picture = Picture(plot, 300, 300);

        Pixel center = plot.GetPixel(new Coordinates(5, 5));
        Assert.Equal(Colors.White, picture.At(center));
        Assert.Equal(Red, picture.At(new Pixel(center.X + 10, center.Y)));
        Assert.Equal(Red, picture.At(new Pixel(center.X, center.Y - 10)));
    }

    [Fact]
    public void Pixels_are_linear_in_the_data_and_y_grows_upwards()
    {
        using var plot = new Plot();
        plot.Axes.SetLimits(-2, 6, 100, 300);
        Picture(plot, 500, 400);

        Pixel lowerLeft = plot.GetPixel(new(-2, 100)), upperRight = plot.GetPixel(new(6, 300)), middle = plot.GetPixel(new(2, 200));

        Assert.True(lowerLeft.X < upperRight.X && lowerLeft.Y > upperRight.Y);
        Assert.Equal((lowerLeft.X + upperRight.X) / 2, middle.X, 0.01);
        Assert.Equal((lowerLeft.Y + upperRight.Y) / 2, middle.Y, 0.01);
        Assert.InRange(lowerLeft.X, 20, 100);
        Assert.InRange(upperRight.X, 450, 500);
    }

    [Fact]
    public void A_point_that_is_not_a_number_is_left_out_and_breaks_the_line()
    {
        using var plot = new Plot();
        Scatter line = plot.Add.ScatterLine([0, 1, 2, 3, 4], [5, 5, double.NaN, 5, 5], Red);
        line.LineWidth = 5;
        plot.Axes.SetLimits(-1, 5, 0, 10);

        PngPicture picture = Picture(plot, 500, 300);

        Assert.Equal(Red, picture.At(plot.GetPixel(new(0.5, 5))));
        Assert.Equal(Red, picture.At(plot.GetPixel(new(3.5, 5))));
        Assert.NotEqual(Red, picture.At(plot.GetPixel(new(1.5, 5))));
        Assert.NotEqual(Red, picture.At(plot.GetPixel(new(2.5, 5))));
    }

    [Fact]
    public void Scatter_points_have_no_line_and_a_scatter_line_has_no_markers()
    {
        using var points = new Plot();
        points.Add.ScatterPoints([0, 4], [5, 5], Red);
        points.Axes.SetLimits(-1, 5, 0, 10);
        Assert.NotEqual(Red, Picture(points, 500, 300).At(points.GetPixel(new(2, 5))));

        using var line = new Plot();
        line.Add.ScatterLine([2, 2], [4, 4], Red);
        line.Axes.SetLimits(-1, 5, 0, 10);
        Assert.Equal(0, Picture(line, 500, 300).Count(Red));
    }

    [Fact]
    public void Error_bars_reach_as_far_as_the_errors_say_on_each_side()
    {
        using var plot = new Plot();
        var bars = new ErrorBar([5, 8], [5, 8], [2, double.NaN], [1, 0], [3, double.NaN], null) { Color = Red, LineWidth = 3, CapSize = 6 };
        plot.Add.Plottable(bars);
        plot.Axes.SetLimits(0, 10, 0, 10);

        PngPicture picture = Picture(plot, 500, 500);

        Assert.Equal(Red, picture.At(plot.GetPixel(new(6.9, 5))));
        Assert.Equal(Red, picture.At(plot.GetPixel(new(4.1, 5))));
        Assert.Equal(Red, picture.At(plot.GetPixel(new(5, 7.9))));
        Assert.NotEqual(Red, picture.At(plot.GetPixel(new(3.5, 5))));
        Assert.NotEqual(Red, picture.At(plot.GetPixel(new(5, 4.5))));
        Assert.NotEqual(Red, picture.At(plot.GetPixel(new(8, 8))));
        Pixel cap = plot.GetPixel(new(7, 5));
        Assert.Equal(Red, picture.At(new Pixel(cap.X, cap.Y + 5)));
    }

    [Fact]
    public void Lines_across_the_plot_span_the_data_area_and_stay_inside_it()
    {
        using var plot = new Plot();
        plot.Add.VerticalLine(3, 3, Red);
        plot.Add.HorizontalLine(7, 3, Blue);
        plot.Axes.SetLimits(0, 10, 0, 10);

        PngPicture picture = Picture(plot, 400, 400);

        Assert.Equal(Red, picture.At(plot.GetPixel(new(3, 0.1))));
        Assert.Equal(Red, picture.At(plot.GetPixel(new(3, 9.9))));
        Assert.Equal(Blue, picture.At(plot.GetPixel(new(0.1, 7))));
        Assert.Equal(Blue, picture.At(plot.GetPixel(new(9.9, 7))));
        Assert.NotEqual(Red, picture.At(plot.GetPixel(new(3, -0.3))));
        Assert.NotEqual(Blue, picture.At(plot.GetPixel(new(10.2, 7))));
    }

    [Fact]
    public void What_lies_outside_the_limits_is_cut_off_at_the_axes()
    {
        using var plot = new Plot();
        plot.Add.ScatterLine([-50, 50], [5, 5], Red).LineWidth = 5;
        plot.Axes.SetLimits(0, 10, 0, 10);

        PngPicture picture = Picture(plot, 400, 300);

        Pixel left = plot.GetPixel(new(0, 5));
        Assert.Equal(Red, picture.At(new Pixel(left.X + 3, left.Y)));
        for (int x = 0; x < (int)left.X - 1; x++) Assert.NotEqual(Red, picture[x, (int)left.Y]);
    }

    [Fact]
    public void Later_plottables_are_drawn_above_earlier_ones()
    {
        using var plot = new Plot();
        plot.Add.Marker(1, 1, size: 20, color: Red);
        plot.Add.Marker(1, 1, size: 20, color: Blue);
        PngPicture picture = Picture(plot, 300, 300);
        Assert.Equal(Blue, picture.At(plot.GetPixel(new(1, 1))));
    }

    [Theory]
    [InlineData(Alignment.UpperLeft, true, true)]
    [InlineData(Alignment.UpperRight, false, true)]
    [InlineData(Alignment.LowerLeft, true, false)]
    [InlineData(Alignment.LowerRight, false, false)]
    public void The_legend_lies_in_the_corner_asked_for(Alignment corner, bool left, bool upper)
    {
        using var plot = new Plot();
        plot.Add.Scatter([0, 10], [0, 10], Blue).LegendText = "a series";
        plot.Axes.SetLimits(0, 10, 0, 10);
        plot.ShowLegend(corner).BackgroundColor = Red;

        PngPicture picture = Picture(plot, 400, 400);

        Pixel expected = plot.GetPixel(new(left ? 0 : 10, upper ? 10 : 0));
        Assert.Equal(Red, picture.At(new Pixel(expected.X + (left ? 12 : -12), expected.Y + (upper ? 12 : -12))));
        plot.HideLegend();
        Assert.Equal(0, Picture(plot, 400, 400).Count(Red));
    }

    [Fact]
    public void The_background_of_a_text_lies_beside_its_place_as_the_alignment_says()
    {
        using var plot = new Plot();
        Text text = plot.Add.Text("MMMM", 5, 5);
        (text.LabelBackgroundColor, text.LabelFontColor, text.LabelAlignment) = (Red, Red, Alignment.LowerRight);
        plot.Axes.SetLimits(0, 10, 0, 10);

        PngPicture picture = Picture(plot, 400, 400);

        Pixel at = plot.GetPixel(new(5, 5));
        Assert.Equal(Red, picture.At(new Pixel(at.X - 5, at.Y - 5)));
        Assert.NotEqual(Red, picture.At(new Pixel(at.X + 5, at.Y - 5)));
        Assert.NotEqual(Red, picture.At(new Pixel(at.X - 5, at.Y + 5)));
    }

    [Fact]
    public void The_same_plot_gives_the_same_bytes_twice()
    {
        using var plot = new Plot();
        plot.Title("Again");
        plot.Add.Scatter([1, 2, 3], [3, 1, 2]).LegendText = "x";
        Assert.Equal(plot.GetImageBytes(400, 300, ImageFormat.Png), plot.GetImageBytes(400, 300, ImageFormat.Png));
    }

    private static PngPicture Picture(Plot plot, int width, int height) => new(plot.GetImageBytes(width, height, ImageFormat.Png));
}
