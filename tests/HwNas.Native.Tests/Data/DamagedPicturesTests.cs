using HwNas.Core;
using HwNas.Native.Tests.Support;
using HwNas.Supernet.Data;
using SkiaSharp;

namespace HwNas.Native.Tests.Data;

public sealed class DamagedPicturesTests
{
    private static readonly byte[] NoPicture = "<html>not found</html>"u8.ToArray();

    [Fact]
    public void Damaged_pictures_are_named_and_left_out_up_to_the_limit()
    {
        using TemporaryFolder folder = new(), cache = new();
        SomeData.WritePictures(folder.Path, perClass: 20, "a", "b");
        var whole = DataSets.Open($"{folder.Path}@25x25");

        // One is damaged from its first bytes on, one in the middle.
        File.WriteAllBytes(folder.File("a/no.png"), NoPicture);
        SomeData.WritePicture(folder.File("b/cut.png"), 40, 40, new SKColor(9, 9, 9));
        var cut = File.ReadAllBytes(folder.File("b/cut.png"));
        File.WriteAllBytes(folder.File("b/cut.png"), cut[..(cut.Length / 2)]);

        // Of 42, 1 % are none.
        var error = Assert.Throws<InputException>(() => DataSets.Open(folder.Path));
        Assert.Contains("a/no.png", error.Message, StringComparison.Ordinal);
        Assert.Contains("Of 42 pictures at most 0 may be damaged; --skip-damaged 1", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<InputException>(() => Opened(1, long.MaxValue));
        Assert.Contains("b/cut.png", error.Message, StringComparison.Ordinal);
        Assert.Contains("--skip-damaged 2", error.Message, StringComparison.Ordinal);

        foreach (var kept in new[] { long.MaxValue, 0, 0 })
        {
            var notices = new List<string>();
            var data = Opened(2, kept, notices.Add);
            Assert.Equal(whole.Hash, data.Hash);
            var notice = notices[^1];
            Assert.StartsWith("2 of 42 pictures are left out, at most 2", notice, StringComparison.Ordinal);
            Assert.Contains("a/no.png", notice, StringComparison.Ordinal);
            Assert.Contains("b/cut.png", notice, StringComparison.Ordinal);
        }

        DataSplits Opened(int most, long kept, Action<string>? notice = null) => DataSets.Open(
            $"{folder.Path}@25x25",
            new DataReading
            {
                MostDamaged = most, MostKeptBytes = kept, CacheFolder = cache.Path, Notice = notice ?? (_ => { }),
            });
    }

    [Fact]
    public void One_percent_is_left_out_unless_another_limit_is_given()
    {
        using var folder = new TemporaryFolder();
        SomeData.WritePictures(folder.Path, perClass: 50, "a", "b");
        File.WriteAllBytes(folder.File("a/000.png"), NoPicture);
        var notices = new List<string>();
        var data = DataSets.Open(folder.Path, new DataReading { Notice = notices.Add });
        Assert.Equal(99, data.Training.Count + data.Validation.Count + data.Test.Count);
        Assert.StartsWith("1 of 100 pictures is left out, at most 1 may be", Assert.Single(notices), StringComparison.Ordinal);
        Assert.Throws<InputException>(
            () => DataSets.Open(folder.Path, new DataReading { MostDamaged = 0 }));
    }

    [Fact]
    public void A_class_of_damaged_pictures_only_is_an_empty_one()
    {
        using var folder = new TemporaryFolder();
        SomeData.WritePictures(folder.Path, perClass: 10, "a", "b");
        Directory.CreateDirectory(folder.File("c"));
        File.WriteAllBytes(folder.File("c/no.png"), NoPicture);
        var error = Assert.Throws<InputException>(
            () => DataSets.Open(folder.Path, new DataReading { MostDamaged = 5 }));
        Assert.Contains("c' holds no picture", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Three_pictures_are_too_few()
    {
        using var folder = new TemporaryFolder();
        SomeData.WritePictures(folder.Path, perClass: 1, "a", "b", "c");
        Assert.Contains(
            "has 3 images to train on; at least 6 are needed, of which 2 are held out",
            Assert.Throws<InputException>(() => DataSets.Open(folder.Path)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Classes_of_very_different_size_are_told_and_are_split_in_proportion()
    {
        using var folder = new TemporaryFolder();
        SomeData.WritePictures(folder.Path, perClass: 50, "many", "more");
        SomeData.WritePictures(folder.Path, perClass: 10, "few");
        var notices = new List<string>();
        var data = DataSets.Open(folder.Path, new DataReading { Notice = notices.Add });
        Assert.Matches("'(many|more)' has 3[23] training images, 'few' [67]\\.", Assert.Single(notices));
        foreach (var split in new[] { data.Training, data.Validation, data.Test })
        {
            foreach (var (label, count) in split.Labels.CountBy(label => label))
                Assert.Equal(split.Count * (label == 0 ? 10 : 50) / 110.0, count, 1.01);
        }
    }
}
