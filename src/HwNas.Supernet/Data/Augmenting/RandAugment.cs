using HwNas.Core.Data;

namespace HwNas.Supernet.Data.Augmenting;

/// <summary>The operations of RandAugment (Cubuk et al. 2020, arXiv 1909.13719, section 3).</summary>
internal enum RandAugmentOperation
{
    Identity, AutoContrast, Equalise, Rotate, Solarise, Saturation, Posterise, Contrast, Brightness, Sharpness, ShearX, ShearY,
    TranslateX, TranslateY,
}

/// <summary>
/// RandAugment: an operation that is drawn uniformly, of one strength for all. At magnitude 10 it is the most that
/// AutoAugment has (Cubuk et al. 2019, arXiv 1805.09501, table 6), at 0 nothing, but for those that have no strength.
/// What can go either way does so with equal probability.
/// </summary>
/// <param name="shape">The shape of all images.</param>
/// <param name="fill">What is seen beyond their edges.</param>
internal sealed class RandAugment(ImageShape shape, byte fill)
{
    private const double MostDegrees = 30, MostShear = 0.3, MostTranslation = 0.45, MostEnhancement = 0.9;
    private const int MostLostBits = 4, Magnitudes = 10;

    private static readonly RandAugmentOperation[] All = Enum.GetValues<RandAugmentOperation>();

    /// <summary>Draws an operation and applies it.</summary>
    public void ApplyOne(Span<byte> pixels, double magnitude, Random random) =>
        Apply(All[random.Next(All.Length)], pixels, random.Next(2) == 0 ? magnitude : -magnitude);

    /// <summary>Applies an operation.</summary>
    /// <param name="operation">Which.</param>
    /// <param name="pixels">The image.</param>
    /// <param name="magnitude">−10 to 10; its sign tells the direction of what has two.</param>
    public void Apply(RandAugmentOperation operation, Span<byte> pixels, double magnitude)
    {
        var level = magnitude / Magnitudes;
        var factor = 1 + (MostEnhancement * level);
        switch (operation)
        {
            case RandAugmentOperation.AutoContrast:
                Colour.AutoContrast(pixels, shape);
                break;
            case RandAugmentOperation.Equalise:
                Colour.Equalise(pixels, shape);
                break;
            case RandAugmentOperation.Rotate:
                Geometry.Rotate(pixels, shape, MostDegrees * level, fill);
                break;
            case RandAugmentOperation.Solarise:
                Colour.Solarise(pixels, (int)Math.Round(256 * (1 - Math.Abs(level))));
                break;
            case RandAugmentOperation.Saturation:
                Colour.Saturation(pixels, shape, factor);
                break;
            case RandAugmentOperation.Posterise:
                Colour.Posterise(pixels, 8 - (int)Math.Round(MostLostBits * Math.Abs(level)));
                break;
            case RandAugmentOperation.Contrast:
                Colour.Contrast(pixels, shape, factor);
                break;
            case RandAugmentOperation.Brightness:
                Colour.Brightness(pixels, factor);
                break;
            case RandAugmentOperation.Sharpness:
                Colour.Sharpness(pixels, shape, factor);
                break;
            case RandAugmentOperation.ShearX:
                Geometry.ShearRows(pixels, shape, MostShear * level, fill);
                break;
            case RandAugmentOperation.ShearY:
                Geometry.ShearColumns(pixels, shape, MostShear * level, fill);
                break;
            case RandAugmentOperation.TranslateX:
                Geometry.Translate(pixels, shape, 0, MostTranslation * level * shape.Width, fill);
                break;
            case RandAugmentOperation.TranslateY:
                Geometry.Translate(pixels, shape, MostTranslation * level * shape.Height, 0, fill);
                break;
        }
    }
}
