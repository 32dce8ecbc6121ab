using SkiaSharp;

namespace HwNas.Benchmarks;

/// <summary>
/// Pictures of letters in the style of notMNIST (Bulatov 2011), made of the machine's fonts: any size, colours, turned, moved and
/// noisy, half of them JPEG. What a user's own images are in benchmarks of <c>hwnas auto</c>.
/// </summary>
internal static class Letters
{
    private const string Fonts = "/usr/share/fonts", Classes = "ABCDEFGHIJ";
    private const int LeastSide = 64, MostSide = 256, JpegQuality = 85;

    /// <summary>Writes a folder for each of ten letters.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="perClass">Pictures of each.</param>
    /// <param name="seed">Decides all of them.</param>
    public static void Write(string folder, int perClass, int seed)
    {
        var fonts = Directory.Exists(Fonts) ? Directory.GetFiles(Fonts, "*.ttf", SearchOption.AllDirectories) : [];
        fonts.Sort(StringComparer.Ordinal);
        if (fonts.Length == 0)
            throw new Core.InputException($"'{Fonts}' holds no fonts. Install 'fonts-dejavu' and 'fonts-liberation'.");
        var faces = fonts.Select(font => SKTypeface.FromFile(font)).OfType<SKTypeface>()
            .Where(face => face.ContainsGlyphs(Classes)).ToArray();
        foreach (var (label, letter) in Classes.Index())
        {
            var target = Path.Combine(folder, letter.ToString());
            Directory.CreateDirectory(target);
            for (var i = 0; i < perClass; i++)
            {
                var random = new Random(HashCode(seed, label, i));
                using var picture = Draw(letter.ToString(), faces[random.Next(faces.Length)], random);
                var isJpeg = random.Next(2) == 0;
                using var encoded = picture.Encode(isJpeg ? SKEncodedImageFormat.Jpeg : SKEncodedImageFormat.Png, JpegQuality);
                using var file = File.Create(Path.Combine(target, $"{i:D4}.{(isJpeg ? "jpg" : "png")}"));
                encoded.SaveTo(file);
            }
        }

        foreach (var face in faces)
            face.Dispose();
    }

    private static SKBitmap Draw(string letter, SKTypeface face, Random random)
    {
        var (width, height) = (random.Next(LeastSide, MostSide + 1), random.Next(LeastSide, MostSide + 1));
        var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        var (back, ink) = Colours(random);
        using (var canvas = new SKCanvas(bitmap))
        using (var paint = new SKPaint { Color = ink, IsAntialias = true })
        using (var font = new SKFont(face, (float)(Math.Min(width, height) * (0.5 + (0.5 * random.NextDouble())))))
        {
            canvas.Clear(back);
            canvas.Translate(width * Centre(random), height * Centre(random));
            canvas.RotateDegrees((float)(40 * (random.NextDouble() - 0.5)));
            font.MeasureText(letter, out var bounds, paint);
            canvas.DrawText(letter, -bounds.MidX, -bounds.MidY, SKTextAlign.Left, font, paint);
        }

        AddNoise(bitmap, 10 + (40 * random.NextDouble()), random);
        return bitmap;
    }

    private static float Centre(Random random) => 0.4f + (0.2f * random.NextSingle());

    // Light on dark or dark on light, in any hue.
    private static (SKColor Back, SKColor Ink) Colours(Random random)
    {
        var (dark, light) = (Colour(0, 40), Colour(60, 100));
        return random.Next(2) == 0 ? (dark, light) : (light, dark);

        SKColor Colour(float from, float to) => SKColor.FromHsl(
            360 * random.NextSingle(), 100 * random.NextSingle(), from + ((to - from) * random.NextSingle()));
    }

    private static void AddNoise(SKBitmap bitmap, double deviation, Random random)
    {
        var pixels = bitmap.GetPixelSpan().ToArray();
        for (var i = 0; i < pixels.Length; i++)
        {
            // The sum of three is near enough to a normal distribution.
            var noise = 2 * deviation * (random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5);
            if (i % 4 != 3)
                pixels[i] = (byte)Math.Clamp(pixels[i] + noise, 0, 255);
        }

        System.Runtime.InteropServices.Marshal.Copy(pixels, 0, bitmap.GetPixels(), pixels.Length);
    }

    private static int HashCode(int seed, int label, int picture) => (seed * 1_000_003) + (label * 10_007) + picture;
}
