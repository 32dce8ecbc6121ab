using HwNas.Core.Data;

namespace HwNas.Supernet.Data.Augmenting;

/// <summary>
/// Varies images as an <see cref="Augmentation"/> says. All randomness of an image comes of the generator that is passed in
/// with it, so the result depends on no thread and no order.
/// </summary>
/// <param name="options">What is done.</param>
/// <param name="shape">The shape of all images.</param>
internal sealed class ImageAugmenter(Augmentation options, ImageShape shape)
{
    private const int CropTries = 10;

    // Height to width of what is erased (arXiv 1708.04896, section 4: r1 = 0.3).
    private const double ErasingMinRatio = 0.3;

    private readonly RandAugment _randAugment = new(shape, (byte)options.Fill);

    /// <summary>Varies an image in place, [channels, height, width].</summary>
    public void Apply(Span<byte> pixels, Random random)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(pixels.Length, shape.Bytes);
        if (options.CropPadding > 0)
            PadAndCrop(pixels, random);
        if (options.CropMinArea < 1)
            ResizedCrop(pixels, random);
        if (options.Flip && random.Next(2) == 0)
            Geometry.Mirror(pixels, shape);
        for (var i = 0; i < options.RandAugmentOperations; i++)
            _randAugment.ApplyOne(pixels, options.RandAugmentMagnitude, random);
        Jitter(pixels, random);
        if (random.NextDouble() < options.ErasingProbability)
            Erase(pixels, random);
    }

    private void PadAndCrop(Span<byte> pixels, Random random)
    {
        var most = options.CropPadding;
        Geometry.Shift(pixels, shape, random.Next(-most, most + 1), random.Next(-most, most + 1), (byte)options.Fill);
    }

    // After ten tries that do not fit, the largest centre of a ratio within the bounds, as torchvision does it.
    private void ResizedCrop(Span<byte> pixels, Random random)
    {
        var area = Rectangle(
            random, options.CropMinArea, options.CropMaxArea, options.CropMinRatio, options.CropMaxRatio, shape.Pixels,
            CropTries);
        if (area is null)
        {
            var ratio = Math.Clamp((double)shape.Width / shape.Height, options.CropMinRatio, options.CropMaxRatio);
            var height = (int)Math.Clamp(Math.Round(shape.Width / ratio), 1, shape.Height);
            var width = (int)Math.Clamp(Math.Round(shape.Height * ratio), 1, shape.Width);
            area = new PixelArea((shape.Height - height) / 2, (shape.Width - width) / 2, height, width);
        }

        ImageResize.Stretch(pixels.ToArray(), shape, area.Value, pixels, shape);
    }

    // The four in an order of their own for each image.
    private void Jitter(Span<byte> pixels, Random random)
    {
        if (options is { Brightness: 0, Contrast: 0, Saturation: 0, Hue: 0 })
            return;
        Span<int> order = [0, 1, 2, 3];
        random.Shuffle(order);
        foreach (var which in order)
        {
            switch (which)
            {
                case 0 when options.Brightness > 0:
                    Colour.Brightness(pixels, Factor(options.Brightness));
                    break;
                case 1 when options.Contrast > 0:
                    Colour.Contrast(pixels, shape, Factor(options.Contrast));
                    break;
                case 2 when options.Saturation > 0:
                    Colour.Saturation(pixels, shape, Factor(options.Saturation));
                    break;
                case 3 when options.Hue > 0:
                    Colour.TurnHue(pixels, shape, ((2 * random.NextDouble()) - 1) * options.Hue);
                    break;
            }
        }

        double Factor(double range) => 1 + (((2 * random.NextDouble()) - 1) * range);
    }

    private void Erase(Span<byte> pixels, Random random)
    {
        if (Rectangle(
            random, options.ErasingMinArea, options.ErasingMaxArea, ErasingMinRatio, 1 / ErasingMinRatio, shape.Pixels,
            CropTries) is not { } area)
        {
            return;
        }

        for (var channel = 0; channel < shape.Channels; channel++)
        {
            for (var row = area.Top; row < area.Top + area.Height; row++)
                random.NextBytes(pixels.Slice((channel * shape.Pixels) + (row * shape.Width) + area.Left, area.Width));
        }
    }

    // A random rectangle within the image, its area uniform, its ratio of width to height uniform on the logarithmic scale.
    private PixelArea? Rectangle(
        Random random, double minArea, double maxArea, double minRatio, double maxRatio, int pixels, int tries)
    {
        for (var i = 0; i < tries; i++)
        {
            var wanted = pixels * (minArea + (random.NextDouble() * (maxArea - minArea)));
            var ratio = Math.Exp(Math.Log(minRatio) + (random.NextDouble() * Math.Log(maxRatio / minRatio)));
            var width = (int)Math.Round(Math.Sqrt(wanted * ratio));
            var height = (int)Math.Round(Math.Sqrt(wanted / ratio));
            if (width < 1 || height < 1 || width > shape.Width || height > shape.Height)
                continue;
            return new PixelArea(
                random.Next(shape.Height - height + 1), random.Next(shape.Width - width + 1), height, width);
        }

        return null;
    }
}
