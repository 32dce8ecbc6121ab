using System.Collections.Immutable;
using HwNas.Core.Data;

namespace HwNas.Tests.Data;

public sealed class MirrorCheckTests
{
    [Theory]
    [InlineData("corners of one side", false)]
    [InlineData("bars across", true)]
    [InlineData("noise", true)]
    public void Images_that_have_a_left_and_a_right_are_not_mirrored(string kind, bool mayMirror)
    {
        var check = MirrorCheck.Of(Images(kind, 200, seed: 1), Images(kind, 100, seed: 2));
        Assert.Equal(100, check.Images);
        Assert.Equal(mayMirror, check.MayMirror);
        if (kind != "noise")
            Assert.True(check.AsTheyAre > 0.9, $"{check}");
    }

    // Two classes, in any colours, light on dark or dark on light.
    private static LabelledImages Images(string kind, int count, int seed)
    {
        var random = new Random(seed);
        var shape = new ImageShape(3, 40, 30);
        var pixels = new byte[count * shape.Bytes];
        var labels = Enumerable.Range(0, count).Select(i => i % 2).ToImmutableArray();
        for (var image = 0; image < count; image++)
        {
            var (ink, paper) = (random.Next(2) * 200, 100);
            var (right, down) = (random.Next(5), random.Next(5));
            for (var channel = 0; channel < 3; channel++)
            {
                for (var y = 0; y < 40; y++)
                {
                    for (var x = 0; x < 30; x++)
                    {
                        var isInk = kind switch
                        {
                            // The letter L, and its mirror image.
                            "corners of one side" => (labels[image] == 0 ? x - right is > 4 and < 9 : x - right is > 17 and < 22)
                                || (y - down is > 28 and < 33 && x is > 6 and < 22),
                            "bars across" => labels[image] == 0 ? y - down is > 4 and < 12 : y - down is > 24 and < 32,
                            _ => false,
                        };
                        pixels[(image * shape.Bytes) + (channel * shape.Pixels) + (y * 30) + x] =
                            (byte)((isInk ? ink : paper) + random.Next(30));
                    }
                }
            }
        }

        return new LabelledImages(kind, shape, labels, pixels);
    }
}
