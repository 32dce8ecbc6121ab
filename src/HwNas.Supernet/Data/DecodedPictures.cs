using HwNas.Core;
using HwNas.Core.Data;
using HwNas.Core.Files;

namespace HwNas.Supernet.Data;

/// <summary>
/// Pictures decoded once, at one shape: in memory where they fit, else in a file of the user's cache that is mapped into
/// it. The file is known by the content of all pictures and by the shape, so that it serves every run on them.
/// </summary>
internal static class DecodedPictures
{
    /// <summary>The user's cache, as the XDG base directory specification has it.</summary>
    public static string DefaultCache { get; } = Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache ? cache
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
        "hwnas", "pictures");

    /// <summary>Decodes pictures, or finds them decoded.</summary>
    /// <param name="pictures">Which.</param>
    /// <param name="shape">What all become.</param>
    /// <param name="reading">How much memory they may have, and where the cache is.</param>
    /// <param name="damaged">Takes those that cannot be decoded.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>Of each picture whether it could be decoded, and who reads it.</returns>
    /// <exception cref="InputException">Too many are damaged, or there is no space for the cache.</exception>
    public static (bool[] Sound, PixelReader Read) Of(
        IReadOnlyList<Picture> pictures, ImageShape shape, DataReading reading, DamagedPictures damaged,
        CancellationToken cancellation)
    {
        if ((long)pictures.Count * shape.Bytes > reading.MostKeptBytes)
            return Cached(pictures, shape, reading, damaged, cancellation);
        var kept = new byte[pictures.Count][];
        var sound = damaged.Try(pictures.Count, i => kept[i] = pictures[i].Decode(shape), cancellation);
        return (sound, (image, pixels) => kept[image].CopyTo(pixels));
    }

    private static (bool[] Sound, PixelReader Read) Cached(
        IReadOnlyList<Picture> pictures, ImageShape shape, DataReading reading, DamagedPictures damaged,
        CancellationToken cancellation)
    {
        var key = ContentHash.OfText($"{shape} {string.Join(' ', pictures.Select(picture => picture.Hash))}");
        var path = Path.Combine(reading.CacheFolder, $"{key}.pixels");
        var layout = new PackedPixels.Layout(key, pictures.Count, shape.Bytes);
        var packed = PackedPixels.TryOpen(path, layout);
        if (packed is not null)
        {
            // Which are damaged stands in the file; what is wrong with them, in them.
            damaged.Try(pictures.Count, i => _ = packed.Has(i) ? [] : pictures[i].Decode(shape), cancellation);
        }
        else
        {
            RequireSpace(path, layout.FileBytes);
            reading.Notice(
                $"Packing {Plural.Of(pictures.Count, "decoded picture")} of {shape} into '{path}', "
                + $"{Megabytes(layout.FileBytes)}, once: they are more than memory shall hold.");
            PackedPixels.Write(path, layout, write => damaged.Try(
                pictures.Count, i => write(i, pictures[i].Decode(shape)), cancellation));
            packed = PackedPixels.TryOpen(path, layout)
                ?? throw new InputException($"'{path}' was written and is gone or changed. Do it again.");
        }

        return ([.. Enumerable.Range(0, pictures.Count).Select(packed.Has)], packed.Read);
    }

    private static void RequireSpace(string path, long bytes)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        try
        {
            Directory.CreateDirectory(folder);
            if (new DriveInfo(folder).AvailableFreeSpace is var free && free < bytes)
            {
                throw new InputException(
                    $"The decoded pictures need {Megabytes(bytes)} in '{folder}', where {Megabytes(free)} are free. "
                    + "Make space, name another folder with XDG_CACHE_HOME, or give the pictures a smaller size "
                    + "(--data DIR@64x64).");
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException(
                $"Cannot write decoded pictures into '{folder}': {error.Message} Name another folder with XDG_CACHE_HOME.",
                error);
        }
    }

    private static string Megabytes(long bytes) => FormattableString.Invariant($"{bytes / 1e6:N0} MB");
}
