using System.Buffers;
using HwNas.Core.Data;

namespace HwNas.Supernet.Data.Augmenting;

/// <summary>
/// Changes the values of [channels, height, width] images, in place: the operations of Pillow's ImageOps and ImageEnhance,
/// rounded to the nearest. A factor of 1 changes nothing.
/// </summary>
internal static class Colour
{
    /// <summary>Multiplies all values.</summary>
    public static void Brightness(Span<byte> pixels, double factor) => Map(pixels, value => factor * value);

    /// <summary>Multiplies the distance to the mean luma.</summary>
    public static void Contrast(Span<byte> pixels, ImageShape shape, double factor)
    {
        var sum = 0L;
        for (var i = 0; i < shape.Pixels; i++)
            sum += shape.Channels == 3 ? Luma(pixels, shape, i) : pixels[i];
        var mean = Math.Round((double)sum / shape.Pixels);
        Map(pixels, value => mean + (factor * (value - mean)));
    }

    /// <summary>Multiplies the distance of each pixel to its luma.</summary>
    public static void Saturation(Span<byte> pixels, ImageShape shape, double factor)
    {
        if (shape.Channels != 3)
            return;
        var share = (float)factor;
        for (var i = 0; i < shape.Pixels; i++)
        {
            float luma = Luma(pixels, shape, i);
            for (var channel = 0; channel < 3; channel++)
            {
                ref var value = ref pixels[(channel * shape.Pixels) + i];
                value = Byte(luma + (share * (value - luma)));
            }
        }
    }

    /// <summary>Turns the hue by a share of the circle; saturation and value stay (HSV).</summary>
    public static void TurnHue(Span<byte> pixels, ImageShape shape, double turns)
    {
        if (shape.Channels != 3)
            return;
        var sixths = (float)(6 * (turns - Math.Floor(turns)));
        var red = pixels[..shape.Pixels];
        var green = pixels.Slice(shape.Pixels, shape.Pixels);
        var blue = pixels.Slice(2 * shape.Pixels, shape.Pixels);
        for (var i = 0; i < shape.Pixels; i++)
        {
            float r = red[i], g = green[i], b = blue[i];
            var most = MathF.Max(r, MathF.Max(g, b));
            var range = most - MathF.Min(r, MathF.Min(g, b));
            if (range == 0)
                continue;
            var hue = sixths + (most == r ? (g - b) / range : most == g ? 2 + ((b - r) / range) : 4 + ((r - g) / range)) + 6;
            (red[i], green[i], blue[i]) = (Part(5), Part(3), Part(1));

            // The trapezium of HSV's inverse, with red, green and blue 2/6 of the circle apart.
            byte Part(int offset)
            {
                var k = (offset + hue) % 6;
                return Byte(most - (range * Math.Clamp(MathF.Min(k, 4 - k), 0, 1)));
            }
        }
    }

    /// <summary>Keeps the highest bits.</summary>
    public static void Posterise(Span<byte> pixels, int bits)
    {
        var mask = (byte)(0xFF << (8 - bits));
        foreach (ref var value in pixels)
            value &= mask;
    }

    /// <summary>Inverts values from a threshold on.</summary>
    public static void Solarise(Span<byte> pixels, int threshold)
    {
        foreach (ref var value in pixels)
        {
            if (value >= threshold)
                value = (byte)(255 - value);
        }
    }

    /// <summary>Stretches each channel to 0 to 255.</summary>
    public static void AutoContrast(Span<byte> pixels, ImageShape shape)
    {
        for (var channel = 0; channel < shape.Channels; channel++)
        {
            var plane = pixels.Slice(channel * shape.Pixels, shape.Pixels);
            byte least = 255, most = 0;
            foreach (var value in plane)
                (least, most) = (Math.Min(least, value), Math.Max(most, value));
            if (most > least)
                Map(plane, value => (value - least) * 255.0 / (most - least));
        }
    }

    /// <summary>Makes the histogram of each channel flat, as Pillow does it.</summary>
    public static void Equalise(Span<byte> pixels, ImageShape shape)
    {
        Span<int> histogram = stackalloc int[256];
        Span<byte> table = stackalloc byte[256];
        for (var channel = 0; channel < shape.Channels; channel++)
        {
            var plane = pixels.Slice(channel * shape.Pixels, shape.Pixels);
            histogram.Clear();
            foreach (var value in plane)
                histogram[value]++;
            var step = (shape.Pixels - histogram[histogram.LastIndexOfAnyExcept(0)]) / 255;
            if (step == 0)
                continue;
            var below = step / 2;
            for (var value = 0; value < 256; value++)
            {
                table[value] = (byte)Math.Min(255, below / step);
                below += histogram[value];
            }

            foreach (ref var value in plane)
                value = table[value];
        }
    }

    /// <summary>Multiplies the distance to the smoothed image (1 around 5, of 13); the edge stays.</summary>
    public static void Sharpness(Span<byte> pixels, ImageShape shape, double factor)
    {
        var (width, share) = (shape.Width, (float)factor);
        var copy = ArrayPool<byte>.Shared.Rent(shape.Pixels);
        for (var channel = 0; channel < shape.Channels; channel++)
        {
            var plane = pixels.Slice(channel * shape.Pixels, shape.Pixels);
            plane.CopyTo(copy);
            for (var row = 1; row < shape.Height - 1; row++)
            {
                for (var i = (row * width) + 1; i < ((row + 1) * width) - 1; i++)
                {
                    var sum = (4 * copy[i])
                        + copy[i - width - 1] + copy[i - width] + copy[i - width + 1]
                        + copy[i - 1] + copy[i] + copy[i + 1]
                        + copy[i + width - 1] + copy[i + width] + copy[i + width + 1];
                    var smooth = MathF.Round(sum / 13f);
                    plane[i] = Byte(smooth + (share * (copy[i] - smooth)));
                }
            }
        }

        ArrayPool<byte>.Shared.Return(copy);
    }

    /// <summary>The luma of a pixel of a colour image (ITU-R BT.601).</summary>
    private static int Luma(ReadOnlySpan<byte> pixels, ImageShape shape, int i) =>
        ((299 * pixels[i]) + (587 * pixels[shape.Pixels + i]) + (114 * pixels[(2 * shape.Pixels) + i]) + 500) / 1000;

    private static byte Byte(float value) => (byte)Math.Clamp(MathF.Round(value), 0, 255);

    private static void Map(Span<byte> values, Func<double, double> of)
    {
        Span<byte> table = stackalloc byte[256];
        for (var value = 0; value < 256; value++)
            table[value] = (byte)Math.Clamp(Math.Round(of(value)), 0, 255);
        foreach (ref var value in values)
            value = table[value];
    }
}
