using HwNas.Core;
using HwNas.Core.Data;
using HwNas.Core.Files;
using SkiaSharp;

namespace HwNas.Supernet.Data;

/// <summary>Decodes picture files. Transparency is left out, and a camera's note on how it was held is not followed.</summary>
internal static class ImageFile
{
    private const long MostFileBytes = 256 << 20, MostPixels = 100_000_000;

    private static readonly HashSet<string> Endings = new(
        [".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp"], StringComparer.OrdinalIgnoreCase);

    /// <summary>The files that are taken, readable.</summary>
    public static string Kinds => string.Join(", ", Endings);

    /// <summary>Whether a file is a picture by its name.</summary>
    public static bool IsOne(string path) => Endings.Contains(Path.GetExtension(path)) && Path.GetFileName(path)[0] != '.';

    /// <summary>The bytes of a file.</summary>
    /// <exception cref="InputException">The file cannot be read, or is too large.</exception>
    public static byte[] ReadBytes(string path) => InputFile.ReadBytes(path, MostFileBytes);

    /// <summary>The shape that a picture has by its first bytes.</summary>
    /// <exception cref="InputException">It is no picture, or too large.</exception>
    public static ImageShape ShapeOf(string path, byte[] encoded)
    {
        using var data = SKData.CreateCopy(encoded);
        using var codec = Open(path, data);
        return Shape(codec);
    }

    /// <summary>Decodes a picture, makes it grey or colour, and covers the wanted shape with it.</summary>
    /// <returns>[channels, height, width].</returns>
    /// <exception cref="InputException">It is damaged.</exception>
    public static byte[] Decode(string path, byte[] encoded, ImageShape wanted)
    {
        using var data = SKData.CreateCopy(encoded);
        using var codec = Open(path, data);
        var shape = Shape(codec);
        var grey = shape.Channels == 1 && wanted.Channels == 1;
        var info = grey
            ? new SKImageInfo(shape.Width, shape.Height, SKColorType.Gray8, SKAlphaType.Opaque)
            : new SKImageInfo(shape.Width, shape.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        if (codec.GetPixels(info, out var decoded) is not SKCodecResult.Success)
            throw Damaged(path);
        var pixels = grey ? decoded : Planes(decoded, shape.Pixels, wanted.Channels);
        return ImageResize.Cover(pixels, shape with { Channels = wanted.Channels }, wanted);
    }

    private static SKCodec Open(string path, SKData data)
    {
        var codec = SKCodec.Create(data) ?? throw Damaged(path);
        if ((long)codec.Info.Width * codec.Info.Height is > 0 and <= MostPixels)
            return codec;
        var info = codec.Info;
        codec.Dispose();
        throw new InputException(
            $"'{path}' claims to have {info.Width} x {info.Height} pixels; at most {MostPixels} are read. "
            + "Remove it, or make it smaller.");
    }

    private static ImageShape Shape(SKCodec codec) =>
        new(codec.Info.ColorType == SKColorType.Gray8 ? 1 : 3, codec.Info.Height, codec.Info.Width);

    // Red, green and blue, or their luma (ITU-R BT.601), from interleaved RGBA.
    private static byte[] Planes(byte[] rgba, int pixels, int channels)
    {
        var planes = new byte[channels * pixels];
        for (var i = 0; i < pixels; i++)
        {
            var (red, green, blue) = (rgba[4 * i], rgba[(4 * i) + 1], rgba[(4 * i) + 2]);
            if (channels == 1)
                planes[i] = (byte)(((299 * red) + (587 * green) + (114 * blue) + 500) / 1000);
            else
                (planes[i], planes[pixels + i], planes[(2 * pixels) + i]) = (red, green, blue);
        }

        return planes;
    }

    private static InputException Damaged(string path) =>
        new($"'{path}' is no picture, or damaged. Remove it, or copy it again.");
}
