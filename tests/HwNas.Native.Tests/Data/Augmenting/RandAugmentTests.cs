using HwNas.Core.Data;
using HwNas.Supernet.Data.Augmenting;

namespace HwNas.Native.Tests.Data.Augmenting;

public sealed class RandAugmentTests
{
    private static readonly ImageShape Colours = new(3, 20, 20), Grey = new(1, 20, 20);

    public static TheoryData<string> Operations => [.. Enum.GetNames<RandAugmentOperation>()];

    [Theory]
    [MemberData(nameof(Operations))]
    public void An_operation_of_no_strength_changes_nothing_and_one_of_full_strength_does(string name)
    {
        var operation = Enum.Parse<RandAugmentOperation>(name);
        var ever = operation == RandAugmentOperation.Identity;
        var always = operation is RandAugmentOperation.AutoContrast or RandAugmentOperation.Equalise;
        foreach (var shape in new[] { Colours, Grey })
        {
            var image = Image(shape);
            Assert.Equal(always, !image.AsSpan().SequenceEqual(Applied(operation, image, 0, shape)));
            foreach (var magnitude in new[] { -10, 10 })
            {
                var same = ever || (shape == Grey && operation == RandAugmentOperation.Saturation);
                Assert.Equal(same, image.AsSpan().SequenceEqual(Applied(operation, image, magnitude, shape)));
            }
        }
    }

    [Fact]
    public void The_greatest_strengths_are_those_of_auto_augment()
    {
        var image = Image(Grey);
        void Same(RandAugmentOperation operation, double magnitude, Action<byte[]> expected)
        {
            var copy = image.ToArray();
            expected(copy);
            Assert.Equal(copy, Applied(operation, image, magnitude, Grey));
        }

        Same(RandAugmentOperation.Rotate, 10, pixels => Geometry.Rotate(pixels, Grey, 30, 7));
        Same(RandAugmentOperation.Rotate, -5, pixels => Geometry.Rotate(pixels, Grey, -15, 7));
        Same(RandAugmentOperation.ShearX, 10, pixels => Geometry.ShearRows(pixels, Grey, 0.3, 7));
        Same(RandAugmentOperation.ShearY, -10, pixels => Geometry.ShearColumns(pixels, Grey, -0.3, 7));
        Same(RandAugmentOperation.TranslateX, 10, pixels => Geometry.Shift(pixels, Grey, 0, 9, 7));
        Same(RandAugmentOperation.TranslateY, -10, pixels => Geometry.Shift(pixels, Grey, -9, 0, 7));
        Same(RandAugmentOperation.Solarise, 5, pixels => Colour.Solarise(pixels, 128));
        Same(RandAugmentOperation.Posterise, -10, pixels => Colour.Posterise(pixels, 4));
        Same(RandAugmentOperation.Brightness, 10, pixels => Colour.Brightness(pixels, 1.9));
        Same(RandAugmentOperation.Contrast, -10, pixels => Colour.Contrast(pixels, Grey, 1 - 0.9));
        Same(RandAugmentOperation.Sharpness, 10, pixels => Colour.Sharpness(pixels, Grey, 1.9));
    }

    [Fact]
    public void Every_operation_is_drawn_in_both_directions_equally_often()
    {
        var (image, random) = (Image(Colours), new Random(4));
        var names = new Dictionary<string, string>();
        foreach (var operation in Enum.GetValues<RandAugmentOperation>())
        {
            foreach (var magnitude in new[] { 9, -9 })
                names[Convert.ToHexString(Applied(operation, image, magnitude, Colours))] = $"{operation}";
        }

        const int Draws = 2800;
        var counts = Enumerable.Range(0, Draws).CountBy(_ =>
        {
            var pixels = image.ToArray();
            new RandAugment(Colours, fill: 7).ApplyOne(pixels, 9, random);
            return names[Convert.ToHexString(pixels)];
        }).ToDictionary();
        Assert.Equal(14, counts.Count);

        // Binomial of 1 / 14: five deviations of 13.6.
        Assert.All(counts, count => Assert.InRange(count.Value, 132, 268));
    }

    private static byte[] Applied(RandAugmentOperation operation, byte[] image, double magnitude, ImageShape shape)
    {
        var pixels = image.ToArray();
        new RandAugment(shape, fill: 7).Apply(operation, pixels, magnitude);
        return pixels;
    }

    // Noise whose values leave out the darkest and the brightest.
    private static byte[] Image(ImageShape shape)
    {
        var random = new Random(3);
        return [.. Enumerable.Range(0, shape.Bytes).Select(_ => (byte)random.Next(20, 220))];
    }
}
