using HwNas.Core;
using HwNas.Native.Tests.Support;
using HwNas.Supernet.Data;

namespace HwNas.Native.Tests.Data;

public sealed class PackedPixelsTests
{
    private static readonly PackedPixels.Layout Layout = new(new string('a', 64), Images: 3, ImageBytes: 4);

    [Fact]
    public void What_is_written_is_read_and_what_is_missing_is_known()
    {
        using var folder = new TemporaryFolder();
        Write(folder.File("x.pixels"));
        var packed = PackedPixels.TryOpen(folder.File("x.pixels"), Layout)!;
        Assert.Equal([true, false, true], Enumerable.Range(0, 3).Select(packed.Has));
        var pixels = new byte[4];
        packed.Read(2, pixels);
        Assert.Equal([9, 8, 7, 6], pixels);
        packed.Read(0, pixels);
        Assert.Equal([1, 2, 3, 4], pixels);
    }

    [Fact]
    public void A_file_of_another_content_or_length_is_none()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("x.pixels");
        Assert.Null(PackedPixels.TryOpen(path, Layout));
        Write(path);
        Assert.Null(PackedPixels.TryOpen(path, Layout with { Key = new string('b', 64) }));
        Assert.Null(PackedPixels.TryOpen(path, Layout with { Images = 4, ImageBytes = 3 }));
        var whole = File.ReadAllBytes(path);
        File.WriteAllBytes(path, whole[..^1]);
        Assert.Null(PackedPixels.TryOpen(path, Layout));
        whole[0] ^= 1;
        File.WriteAllBytes(path, whole);
        Assert.Null(PackedPixels.TryOpen(path, Layout));
    }

    [Fact]
    public void What_fails_leaves_nothing_behind()
    {
        using var folder = new TemporaryFolder();
        Assert.Throws<InputException>(() => PackedPixels.Write(
            folder.File("x.pixels"), Layout, _ => throw new AggregateException(new IOException("full"))));
        Assert.Throws<OperationCanceledException>(() => PackedPixels.Write(
            folder.File("x.pixels"), Layout, _ => throw new OperationCanceledException()));
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Pictures_are_packed_once_and_several_at_once_do_not_disturb_each_other()
    {
        using TemporaryFolder folder = new(), cache = new();
        SomeData.WritePictures(folder.Path, perClass: 10, "a", "b");
        var notices = new List<string>();
        var reading = new DataReading
        {
            MostKeptBytes = 0,
            CacheFolder = cache.Path,
            Notice = notice =>
            {
                lock (notices)
                    notices.Add(notice);
            },
        };
        var expected = Pixels(DataSets.Open(folder.Path));
        var opened = new byte[6][];
        Parallel.For(0, opened.Length, i => opened[i] = Pixels(DataSets.Open(folder.Path, reading)));
        Assert.All(opened, pixels => Assert.Equal(expected, pixels));
        Assert.NotEmpty(notices);
        Assert.All(notices, notice => Assert.Contains("20 decoded pictures of 25x25x3", notice, StringComparison.Ordinal));

        // Found from now on; another size is another file, and a damaged file is made anew.
        notices.Clear();
        Assert.Equal(expected, Pixels(DataSets.Open(folder.Path, reading)));
        Assert.Empty(notices);
        var path = Assert.Single(Directory.GetFiles(cache.Path));
        File.WriteAllBytes(path, [1, 2, 3]);
        Assert.Equal(expected, Pixels(DataSets.Open(folder.Path, reading)));
        Assert.Single(notices);
        _ = DataSets.Open($"{folder.Path}@8x8", reading);
        Assert.Equal(2, Directory.GetFiles(cache.Path).Length);
    }

    [SmallDiskFact]
    public void A_disk_without_space_is_refused_before_anything_is_written()
    {
        using var folder = new TemporaryFolder();
        using var disk = new SmallDisk();
        SomeData.WritePictures(folder.Path, perClass: 10, "a", "b");
        var error = Assert.Throws<InputException>(() => DataSets.Open(
            $"{folder.Path}@100x100",
            new DataReading { MostKeptBytes = 0, CacheFolder = disk.File("cache") }));
        Assert.Contains("XDG_CACHE_HOME", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(disk.File("cache")));
    }

    private static void Write(string path) => PackedPixels.Write(path, Layout, write =>
    {
        write(2, [9, 8, 7, 6]);
        write(0, [1, 2, 3, 4]);
    });

    private static byte[] Pixels(DataSplits data)
    {
        var pixels = new byte[data.Training.Count * data.Training.Shape.Bytes];
        for (var image = 0; image < data.Training.Count; image++)
            data.Training.Read(image, pixels.AsSpan(image * data.Training.Shape.Bytes, data.Training.Shape.Bytes));
        return pixels;
    }
}
