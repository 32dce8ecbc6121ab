using SkiaSharp;

namespace HwNas.Benchmarks.Images;

/// <summary>
/// JPEG files as cameras make them, as far as decoders can tell: smooth noise of many scales, edges, and grain, so that they
/// have as many bytes for a pixel as photographs.
/// </summary>
internal static class MadePhotos
{
    private const int Octaves = 6, Shapes = 12, Quality = 90;

    /// <summary>Writes pictures into a folder for each of two classes, which differ in their hue.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="perClass">Pictures of each class.</param>
    /// <param name="width">Columns of each.</param>
    /// <param name="height">Rows of each.</param>
    /// <returns>The files.</returns>
    public static IReadOnlyList<string> Write(string folder, int perClass, int width, int height)
    {
        var files = new List<string>();
        foreach (var (label, name) in (ReadOnlySpan<(int, string)>)[(0, "cold"), (1, "warm")])
        {
            Directory.CreateDirectory(Path.Combine(folder, name));
            for (var i = 0; i < perClass; i++)
            {
                files.Add(Path.Combine(folder, name, $"{i:D4}.jpg"));
                using var picture = Draw(width, height, label, new Random((2 * i) + label));
                using var encoded = picture.Encode(SKEncodedImageFormat.Jpeg, Quality);
                using var file = File.Create(files[^1]);
                encoded.SaveTo(file);
            }
        }

        return files;
    }

    private static SKBitmap Draw(int width, int height, int label, Random random)
    {
        var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using var canvas = new SKCanvas(bitmap);
        canvas.Clear(Hue());
        Noise(Octaves / (float)width, SKBlendMode.SoftLight);
        for (var i = 0; i < Shapes; i++)
        {
            using var paint = new SKPaint { Color = Hue().WithAlpha(160), IsAntialias = true };
            canvas.DrawOval(
                width * random.NextSingle(), height * random.NextSingle(), width / 4f * random.NextSingle(),
                height / 4f * random.NextSingle(), paint);
        }

        Noise(0.4f, SKBlendMode.Overlay);
        return bitmap;

        void Noise(float frequency, SKBlendMode mode)
        {
            using var shader = SKShader.CreatePerlinNoiseFractalNoise(frequency, frequency, Octaves, random.Next(1000));
            using var paint = new SKPaint { Shader = shader, BlendMode = mode };
            canvas.DrawPaint(paint);
        }

        SKColor Hue() => SKColor.FromHsl(
            (200 * (1 - label)) + (60 * random.NextSingle()), 30 + (50 * random.NextSingle()), 20 + (60 * random.NextSingle()));
    }
}
