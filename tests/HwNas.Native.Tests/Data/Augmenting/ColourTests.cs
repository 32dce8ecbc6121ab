using HwNas.Core.Data;
using HwNas.Supernet.Data.Augmenting;

namespace HwNas.Native.Tests.Data.Augmenting;

public sealed class ColourTests
{
    private static readonly ImageShape Grey = new(1, 2, 2), Pixel = new(3, 1, 1);

    [Theory]
    [InlineData(0, new byte[] { 0, 0, 0, 0 })]
    [InlineData(0.5, new byte[] { 0, 10, 50, 100 })]
    [InlineData(1, new byte[] { 0, 20, 100, 200 })]
    [InlineData(1.5, new byte[] { 0, 30, 150, 255 })]
    public void Brightness_multiplies(double factor, byte[] expected) =>
        Assert.Equal(expected, Changed([0, 20, 100, 200], pixels => Colour.Brightness(pixels, factor)));

    [Theory]
    [InlineData(0, new byte[] { 80, 80, 80, 80 })]
    [InlineData(0.5, new byte[] { 40, 50, 90, 140 })]
    [InlineData(1, new byte[] { 0, 20, 100, 200 })]
    [InlineData(2, new byte[] { 0, 0, 120, 255 })]
    public void Contrast_multiplies_the_distance_to_the_mean(double factor, byte[] expected) =>
        Assert.Equal(expected, Changed([0, 20, 100, 200], pixels => Colour.Contrast(pixels, Grey, factor)));

    // The luma of (100, 50, 200) is (29900 + 29350 + 22800) / 1000 = 82.
    [Theory]
    [InlineData(0, new byte[] { 82, 82, 82 })]
    [InlineData(0.5, new byte[] { 91, 66, 141 })]
    [InlineData(1, new byte[] { 100, 50, 200 })]
    [InlineData(2, new byte[] { 118, 18, 255 })]
    public void Saturation_multiplies_the_distance_to_the_luma(double factor, byte[] expected) =>
        Assert.Equal(expected, Changed([100, 50, 200], pixels => Colour.Saturation(pixels, Pixel, factor)));

    // Six steps around the circle: yellow after red, and so on; two thirds of the way bring red to blue.
    [Theory]
    [InlineData(0, new byte[] { 200, 50, 100 })]
    [InlineData(1, new byte[] { 200, 50, 100 })]
    [InlineData(1 / 3.0, new byte[] { 100, 200, 50 })]
    [InlineData(-1 / 3.0, new byte[] { 50, 100, 200 })]
    [InlineData(0.5, new byte[] { 50, 200, 150 })]
    public void Hue_turns_and_keeps_saturation_and_value(double turns, byte[] expected) =>
        Assert.Equal(expected, Changed([200, 50, 100], pixels => Colour.TurnHue(pixels, Pixel, turns)));

    [Fact]
    public void Any_colour_turned_there_and_back_differs_by_rounding_only()
    {
        var random = new Random(5);
        var shape = new ImageShape(3, 20, 20);
        var original = new byte[shape.Bytes];
        random.NextBytes(original);
        var turned = Changed(original, pixels =>
        {
            Colour.TurnHue(pixels, shape, 0.3);
            Colour.TurnHue(pixels, shape, -0.3);
        });
        Assert.All(original.Zip(turned), pair => Assert.InRange(pair.Second - pair.First, -2, 2));
    }

    [Theory]
    [InlineData(8, new byte[] { 0, 31, 100, 255 })]
    [InlineData(4, new byte[] { 0, 16, 96, 240 })]
    [InlineData(1, new byte[] { 0, 0, 0, 128 })]
    public void Posterising_keeps_the_highest_bits(int bits, byte[] expected) =>
        Assert.Equal(expected, Changed([0, 31, 100, 255], pixels => Colour.Posterise(pixels, bits)));

    [Theory]
    [InlineData(256, new byte[] { 0, 127, 128, 255 })]
    [InlineData(128, new byte[] { 0, 127, 127, 0 })]
    [InlineData(0, new byte[] { 255, 128, 127, 0 })]
    public void Solarising_inverts_from_a_threshold_on(int threshold, byte[] expected) =>
        Assert.Equal(expected, Changed([0, 127, 128, 255], pixels => Colour.Solarise(pixels, threshold)));

    [Fact]
    public void Auto_contrast_stretches_each_channel_of_its_own()
    {
        var pixels = Changed([10, 60, 7, 7, 0, 255], pixels => Colour.AutoContrast(pixels, new ImageShape(3, 1, 2)));
        Assert.Equal([0, 255, 7, 7, 0, 255], pixels);
        Assert.Equal([0, 102, 255], Changed([100, 140, 200], pixels => Colour.AutoContrast(pixels, new ImageShape(1, 1, 3))));
    }

    [Fact]
    public void Equalising_spreads_the_histogram_as_pillow_does()
    {
        // 600 values of 10, 300 of 20, 120 of 30: Pillow's step is (1020 - 120) / 255 = 3, so 10 becomes 1 / 3 = 0,
        // 20 601 / 3 = 200, and 30 901 / 3 = 300, cut to 255.
        static byte[] Values(byte first, byte second, byte third) =>
            [.. Enumerable.Repeat(first, 600), .. Enumerable.Repeat(second, 300), .. Enumerable.Repeat(third, 120)];
        Assert.Equal(
            Values(0, 200, 255), Changed(Values(10, 20, 30), pixels => Colour.Equalise(pixels, new ImageShape(1, 30, 34))));

        // Too few pixels for a step, or one value only: nothing changes.
        Assert.Equal([1, 2, 3, 4], Changed([1, 2, 3, 4], pixels => Colour.Equalise(pixels, Grey)));
    }

    // In the middle, smoothed, 5 × 130 / 13 = 50.
    [Theory]
    [InlineData(0, 50)]
    [InlineData(0.5, 90)]
    [InlineData(1, 130)]
    [InlineData(2, 210)]
    public void Sharpness_multiplies_the_distance_to_the_smoothed_image_but_for_the_edge(double factor, byte expected)
    {
        byte[] point = [0, 0, 0, 0, 130, 0, 0, 0, 9];
        var changed = Changed(
            [0, 0, 0, 0, 130, 0, 0, 0, 0, .. point], pixels => Colour.Sharpness(pixels, new ImageShape(2, 3, 3), factor));
        Assert.Equal([0, 0, 0, 0, expected, 0, 0, 0, 0], changed[..9]);
        Assert.Equal(9, changed[17]);
    }

    private delegate void Change(Span<byte> pixels);

    private static byte[] Changed(byte[] pixels, Change change)
    {
        var copy = pixels.ToArray();
        change(copy);
        return copy;
    }
}
