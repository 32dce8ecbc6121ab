using HwNas.Core.Data;
using HwNas.Supernet.Data;
using NetVips;

namespace HwNas.Benchmarks.Images;

/// <summary>What makes pixels of picture files.</summary>
/// <param name="Name">What reports call it.</param>
/// <param name="Decode">Path and shape → [channels, height, width], scaled and cut to the centre.</param>
internal sealed record PictureDecoder(string Name, Func<string, ImageShape, byte[]> Decode)
{
    /// <summary>What HwNas does: Skia's codecs, and a resize of its own.</summary>
    public static PictureDecoder Ours { get; } = new(
        "SkiaSharp", (path, shape) => ImageFile.Decode(path, ImageFile.ReadBytes(path), shape));

    /// <summary>libvips, by its own pipeline for this: it shrinks while it decodes, and resizes by Lanczos's filter.</summary>
    public static PictureDecoder Vips { get; } = new("NetVips", (path, shape) =>
    {
        using var image = Image.ThumbnailBuffer(
            File.ReadAllBytes(path), shape.Width, height: shape.Height, crop: Enums.Interesting.Centre);
        var (pixels, planes) = (image.WriteToMemory<byte>(), new byte[shape.Bytes]);
        for (var i = 0; i < shape.Pixels; i++)
        {
            for (var channel = 0; channel < shape.Channels; channel++)
                planes[(channel * shape.Pixels) + i] = pixels[(i * shape.Channels) + channel];
        }

        return planes;
    });

    /// <summary>Has libvips work with one thread, and keep nothing.</summary>
    /// <exception cref="InvalidOperationException">It is not there.</exception>
    public static void RequireVips()
    {
        if (!ModuleInitializer.VipsInitialized)
            throw new InvalidOperationException("libvips is here for Linux on x64 only.", ModuleInitializer.Exception);
        NetVips.NetVips.Concurrency = 1;
        Cache.Max = 0;
    }
}
