using HwNas.Core.Data;
using HwNas.Supernet.Data;
using HwNas.Supernet.Data.Augmenting;

namespace HwNas.Native.Tests.Data.Augmenting;

public sealed class ImageAugmenterTests
{
    private static readonly ImageShape Shape = new(3, 12, 16);

    private static readonly Augmentation None = Augmentation.Load("none");

    [Fact]
    public void Nothing_that_is_switched_off_changes_a_pixel()
    {
        var image = Noise();
        foreach (var seed in Enumerable.Range(0, 20))
            Assert.Equal(image, Augmented(None, image, seed));
    }

    [Fact]
    public void Half_of_the_images_are_mirrored()
    {
        var image = Noise();
        var mirrored = image.ToArray();
        Geometry.Mirror(mirrored, Shape);
        var counts = Enumerable.Range(0, 1000).Select(seed => Augmented(new Augmentation(), image, seed))
            .CountBy(result => result.AsSpan().SequenceEqual(mirrored) ? "mirrored" : "same").ToDictionary();

        // Binomial: four deviations of 15.8.
        Assert.InRange(counts["mirrored"], 437, 563);
        Assert.All(counts, count => Assert.True(count.Key == "mirrored" || count.Value > 0));
        Assert.Equal(1000, counts.Values.Sum());
    }

    [Fact]
    public void Padding_and_cropping_takes_every_place_equally_often()
    {
        var (shape, options) = (new ImageShape(1, 9, 9), None with { CropPadding = 2 });
        var image = new byte[81];
        image[40] = 255;
        var places = Enumerable.Range(0, 2500)
            .CountBy(seed => Augmented(options, image, seed, shape).IndexOf((byte)255)).ToDictionary();
        Assert.Equal(25, places.Count);

        // Binomial of 1 / 25: five deviations of 9.8.
        Assert.All(places, place => Assert.InRange(place.Value, 51, 149));
        Assert.All(places.Keys, place => Assert.True(place / 9 is >= 2 and <= 6 && place % 9 is >= 2 and <= 6));
    }

    [Fact]
    public void A_resized_crop_has_area_and_ratio_within_bounds_and_shows_its_part_of_the_image()
    {
        // The values tell the place: columns in the first channel, rows in the second.
        var shape = new ImageShape(2, 60, 60);
        var image = new byte[shape.Bytes];
        for (var i = 0; i < shape.Pixels; i++)
            (image[i], image[shape.Pixels + i]) = ((byte)(4 * (i % 60)), (byte)(4 * (i / 60)));
        var options = None with { CropMinArea = 0.25, CropMaxArea = 0.5 };
        var areas = new List<double>();
        foreach (var seed in Enumerable.Range(0, 300))
        {
            var result = Augmented(options, image, seed, shape);

            // From the second to the last but one pixel: 57 / 60 of the sides that were cut.
            var width = (result[(30 * 60) + 58] - result[(30 * 60) + 1]) / 4.0 * 60 / 57;
            var height = (result[3600 + (58 * 60) + 30] - result[3600 + 60 + 30]) / 4.0 * 60 / 57;
            areas.Add(width * height / 3600);
            Assert.InRange(width * height / 3600, 0.24, 0.52);
            Assert.InRange(width / height, 0.72, 1.39);
            Assert.InRange(result[(10 * 60) + 20] - result[(50 * 60) + 20], -1, 1);
        }

        // Uniform on 1/4 to 1/2.
        Assert.InRange(areas.Average(), 0.36, 0.39);
        Assert.InRange(areas.Min(), 0.24, 0.27);
        Assert.InRange(areas.Max(), 0.48, 0.52);
    }

    [Fact]
    public void A_crop_of_the_whole_area_and_its_own_ratio_is_the_image()
    {
        var image = Noise(new ImageShape(1, 20, 20));
        var options = None with { CropMinArea = 0.9999, CropMinRatio = 1, CropMaxRatio = 1 };
        Assert.Equal(image, Augmented(options, image, 1, new ImageShape(1, 20, 20)));
    }

    [Fact]
    public void An_image_that_holds_no_crop_of_a_ratio_gives_its_centre()
    {
        // 2 rows of 40: no square has 90 % of it. The largest of ratio 1 is 2 by 2.
        var shape = new ImageShape(1, 2, 40);
        var image = Enumerable.Range(0, 80).Select(i => (byte)(i % 40 is 19 or 20 ? 200 : 0)).ToArray();
        var options = None with { CropMinArea = 0.9, CropMinRatio = 1, CropMaxRatio = 1 };
        Assert.All(Augmented(options, image, 3, shape), value => Assert.Equal(200, value));
    }

    [Fact]
    public void Jitter_stays_within_its_ranges_and_spreads_over_them()
    {
        var (shape, image) = (new ImageShape(1, 1, 2), new byte[] { 50, 150 });
        var bright = Enumerable.Range(0, 400)
            .Select(seed => Augmented(None with { Brightness = 0.4 }, image, seed, shape)[0]).ToList();
        Assert.Equal((30, 70), (bright.Min(), bright.Max()));
        Assert.InRange(bright.Average(value => value), 48, 52);
        var contrast = Enumerable.Range(0, 400)
            .Select(seed => Augmented(None with { Contrast = 0.4 }, image, seed, shape)).ToList();
        Assert.All(contrast, pixels => Assert.Equal(200, pixels[0] + pixels[1]));
        Assert.Equal((30, 70), (contrast.Min(pixels => pixels[0]), contrast.Max(pixels => pixels[0])));
        foreach (var options in new[] { None with { Saturation = 1 }, None with { Hue = 0.5 } })
            Assert.Equal(image, Augmented(options, image, 1, shape));
        Assert.NotEqual(Noise(), Augmented(None with { Saturation = 1 }, Noise(), 1));
        Assert.NotEqual(Noise(), Augmented(None with { Hue = 0.5 }, Noise(), 1));
    }

    [Fact]
    public void Erasing_fills_one_rectangle_of_an_area_and_ratio_within_bounds()
    {
        var shape = new ImageShape(2, 50, 50);
        var image = new byte[shape.Bytes];
        var erased = 0;
        foreach (var seed in Enumerable.Range(0, 400))
        {
            var result = Augmented(None with { ErasingProbability = 0.5 }, image, seed, shape);
            var places = Enumerable.Range(0, shape.Pixels)
                .Where(i => result[i] != 0 || result[shape.Pixels + i] != 0).ToList();
            if (places.Count == 0)
                continue;
            erased++;
            var height = places.Max(i => i / 50) - places.Min(i => i / 50) + 1;
            var width = places.Max(i => i % 50) - places.Min(i => i % 50) + 1;
            Assert.InRange(height * width / 2500.0, 0.016, 0.35);
            Assert.InRange((double)width / height, 0.25, 4);

            // A rectangle of noise: about one in 65,536 of its values is 0 in both channels.
            Assert.InRange(places.Count, (height * width) - 2, height * width);
        }

        Assert.InRange(erased, 160, 240);
    }

    [Fact]
    public void The_same_seed_gives_the_same_image_and_another_seed_another()
    {
        var image = Noise();
        var options = Augmentation.Load("imagenet") with { RandAugmentOperations = 3, ErasingProbability = 0.5, Hue = 0.2 };
        var results = Enumerable.Range(0, 30).Select(seed => Augmented(options, image, seed)).ToList();
        Assert.Equal(results, Enumerable.Range(0, 30).Select(seed => Augmented(options, image, seed)));
        Assert.Equal(30, results.Select(Convert.ToHexString).Distinct().Count());
    }

    private static byte[] Augmented(Augmentation options, byte[] image, int seed, ImageShape? shape = null)
    {
        var pixels = image.ToArray();
        new ImageAugmenter(options, shape ?? Shape).Apply(pixels, new Random(Seeds.Of(1, seed)));
        return pixels;
    }

    private static byte[] Noise(ImageShape? shape = null)
    {
        var pixels = new byte[(shape ?? Shape).Bytes];
        new Random(2).NextBytes(pixels);
        return pixels;
    }
}
