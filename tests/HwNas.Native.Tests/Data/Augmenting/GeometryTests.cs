using HwNas.Core.Data;
using HwNas.Supernet.Data.Augmenting;

namespace HwNas.Native.Tests.Data.Augmenting;

public sealed class GeometryTests
{
    private static readonly ImageShape Square = new(1, 3, 3);

    private static readonly byte[] Digits = [1, 2, 3, 4, 5, 6, 7, 8, 9];

    [Fact]
    public void A_mirror_turns_each_row_of_each_channel()
    {
        byte[] pixels = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
        Geometry.Mirror(pixels, new ImageShape(2, 2, 3));
        Assert.Equal([3, 2, 1, 6, 5, 4, 9, 8, 7, 12, 11, 10], pixels);
    }

    [Theory]
    [InlineData(0, 0, new byte[] { 1, 2, 3, 4, 5, 6, 7, 8, 9 })]
    [InlineData(1, 0, new byte[] { 0, 0, 0, 1, 2, 3, 4, 5, 6 })]
    [InlineData(-1, 2, new byte[] { 0, 0, 4, 0, 0, 7, 0, 0, 0 })]
    [InlineData(0, -1, new byte[] { 2, 3, 0, 5, 6, 0, 8, 9, 0 })]
    [InlineData(0, 5, new byte[] { 0, 0, 0, 0, 0, 0, 0, 0, 0 })]
    public void Whole_pixels_move_and_what_was_beyond_the_edge_is_filled(int down, int right, byte[] expected)
    {
        var pixels = Digits.ToArray();
        Geometry.Shift(pixels, Square, down, right, fill: 0);
        Assert.Equal(expected, pixels);

        // The same as moving by parts of pixels.
        pixels = Digits.ToArray();
        Geometry.Translate(pixels, Square, down, right, fill: 0);
        Assert.Equal(expected, pixels);
    }

    [Theory]
    [InlineData(0, new byte[] { 1, 2, 3, 4, 5, 6, 7, 8, 9 })]
    [InlineData(90, new byte[] { 7, 4, 1, 8, 5, 2, 9, 6, 3 })]
    [InlineData(-90, new byte[] { 3, 6, 9, 2, 5, 8, 1, 4, 7 })]
    [InlineData(180, new byte[] { 9, 8, 7, 6, 5, 4, 3, 2, 1 })]
    public void Right_angles_turn_exactly(double degrees, byte[] expected)
    {
        var pixels = Digits.ToArray();
        Geometry.Rotate(pixels, Square, degrees, fill: 200);
        Assert.Equal(expected, pixels);
    }

    [Fact]
    public void An_eighth_of_a_turn_interpolates_between_neighbours_and_the_fill()
    {
        // The middle of the upper edge comes from (-√½, -√½): of the four there, by the shares of their distances.
        var pixels = new byte[] { 100, 0, 0, 0, 0, 0, 0, 0, 0 };
        Geometry.Rotate(pixels, Square, 45, fill: 0);
        Assert.Equal((byte)Math.Round(100 * Math.Sqrt(0.5) * Math.Sqrt(0.5)), pixels[1]);
        Assert.Equal(0, pixels[7]);
    }

    [Fact]
    public void Shearing_moves_rows_and_columns_by_their_distance_to_the_centre()
    {
        var pixels = Digits.ToArray();
        Geometry.ShearRows(pixels, Square, 1, fill: 0);
        Assert.Equal([0, 1, 2, 4, 5, 6, 8, 9, 0], pixels);
        pixels = [.. Digits];
        Geometry.ShearColumns(pixels, Square, 1, fill: 0);
        Assert.Equal([0, 2, 6, 1, 5, 9, 4, 8, 0], pixels);
    }

    [Fact]
    public void Half_a_pixel_is_the_mean_of_two()
    {
        byte[] pixels = [10, 20, 40, 80];
        Geometry.Translate(pixels, new ImageShape(1, 1, 4), down: 0, right: 0.5, fill: 0);
        Assert.Equal([5, 15, 30, 60], pixels);
    }
}
