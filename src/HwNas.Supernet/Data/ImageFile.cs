using HwNas.Core;
using HwNas.Core.Data;
using HwNas.Core.Files;
using SkiaSharp;

namespace HwNas.Supernet.Data;

/// <summary>
/// Decodes picture files. Whatever a camera noted about how it was held is followed (EXIF orientation); transparency is left
/// out, as Pillow's <c>convert("RGB")</c> does it; of 16 bits the upper 8 stay; CMYK becomes red, green and blue.
/// </summary>
internal static class ImageFile
{
    private const long MostFileBytes = 256 << 20, MostPixels = 100_000_000;

    // Nothing but one colour is packed so densely, and no damaged file of some bytes shall have memory for a large picture.
    private const long MostPixelsOfAByte = 10_000, FreePixels = 4_000_000;

    private static readonly HashSet<string> Endings = new(
        [".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp"], StringComparer.OrdinalIgnoreCase);

    /// <summary>The files that are taken, readable.</summary>
    public static string Kinds => string.Join(", ", Endings);

    /// <summary>Whether a file is a picture by its name.</summary>
    public static bool IsOne(string path) => Endings.Contains(Path.GetExtension(path));

    /// <summary>The bytes of a file.</summary>
    /// <exception cref="InputException">The file cannot be read, or is too large.</exception>
    public static byte[] ReadBytes(string path) => InputFile.ReadBytes(path, MostFileBytes);

    /// <summary>The shape that a picture has by its first bytes.</summary>
    /// <exception cref="InputException">It is no picture, or too large.</exception>
    public static ImageShape ShapeOf(string path, byte[] encoded)
    {
        using var data = SKData.CreateCopy(encoded);
        using var codec = Open(path, data);
        return Shape(codec, encoded);
    }

    /// <summary>Decodes a picture, makes it grey or colour, and covers the wanted shape with it.</summary>
    /// <returns>[channels, height, width].</returns>
    /// <exception cref="InputException">It is damaged.</exception>
    public static byte[] Decode(string path, byte[] encoded, ImageShape wanted)
    {
        using var data = SKData.CreateCopy(encoded);
        using var codec = Open(path, data);
        var upright = Shape(codec, encoded);
        var stored = SizeToDecode(codec, upright, wanted);
        var grey = codec.Info.ColorType == SKColorType.Gray8 && wanted.Channels == 1;
        var info = grey
            ? new SKImageInfo(stored.Width, stored.Height, SKColorType.Gray8, SKAlphaType.Opaque)
            : new SKImageInfo(stored.Width, stored.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        if (codec.GetPixels(info, out var decoded) is not SKCodecResult.Success)
            throw Damaged(path);
        var shape = new ImageShape(wanted.Channels, stored.Height, stored.Width);
        var pixels = grey ? decoded : Planes(decoded, shape.Pixels, wanted.Channels);
        (pixels, shape) = Orientation.Upright(pixels, shape, codec.EncodedOrigin);
        return ImageResize.Cover(pixels, shape, wanted);
    }

    // JPEG files can be decoded at eighths of their size, much faster. What is left for resizing is at least twice as large
    // as wanted, so that its filter decides what the picture looks like.
    private static SKSizeI SizeToDecode(SKCodec codec, ImageShape upright, ImageShape wanted)
    {
        var scale = 2 * Math.Max((double)wanted.Height / upright.Height, (double)wanted.Width / upright.Width);
        return codec.EncodedFormat == SKEncodedImageFormat.Jpeg && scale < 1
            ? codec.GetScaledDimensions((float)(Math.Ceiling(8 * scale) / 8))
            : codec.Info.Size;
    }

    private static SKCodec Open(string path, SKData data)
    {
        var codec = SKCodec.Create(data) ?? throw Damaged(path);
        var most = Math.Min(MostPixels, Math.Max(FreePixels, MostPixelsOfAByte * data.Size));
        if ((long)codec.Info.Width * codec.Info.Height is > 0 and var pixels && pixels <= most)
            return codec;
        var info = codec.Info;
        codec.Dispose();
        throw new InputException(
            $"'{path}' claims to have {info.Width} x {info.Height} pixels; at most {most} are read of {data.Size} bytes. "
            + "Remove it, or make it smaller.");
    }

    private static ImageShape Shape(SKCodec codec, byte[] encoded)
    {
        // Skia calls a PNG grey only if it has 8 bits and no transparency; the header says it of all (byte 25: colour type).
        const int ColourType = 25, HasColour = 2;
        var grey = codec.EncodedFormat == SKEncodedImageFormat.Png && encoded.Length > ColourType
            ? (encoded[ColourType] & HasColour) == 0
            : codec.Info.ColorType == SKColorType.Gray8;
        var size = codec.Info.Size;
        return Orientation.IsTurned(codec.EncodedOrigin)
            ? new ImageShape(grey ? 1 : 3, size.Width, size.Height)
            : new ImageShape(grey ? 1 : 3, size.Height, size.Width);
    }

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
