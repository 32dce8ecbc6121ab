using HwNas.Core;
using HwNas.Core.Data;
using HwNas.Native.Tests.Support;
using HwNas.Supernet.Data;
using SkiaSharp;

namespace HwNas.Native.Tests.Data;

public sealed class ImageFolderTests
{
    private static readonly SKColor Red = new(255, 0, 0), Blue = new(0, 0, 255);

    [Fact]
    public void A_class_is_a_folder_and_both_held_out_splits_come_of_its_pictures()
    {
        using var folder = new TemporaryFolder();
        SomeData.WritePictures(folder.Path, perClass: 30, "dog", "cat");
        File.WriteAllText(folder.File("readme.txt"), "not a picture");
        File.WriteAllText(folder.File("cat/notes.txt"), "not a picture");
        var data = DataSets.Open(folder.Path);
        Assert.Equal((string[])["cat", "dog"], data.Classes);
        Assert.Equal((39, 9, 12), (data.Training.Count, data.Validation.Count, data.Test.Count));

        // Of unequal sides, a square as large as the median shorter side.
        Assert.Equal(new ImageShape(3, 25, 25), data.Training.Shape);
        foreach (var split in new[] { data.Training, data.Validation, data.Test })
        {
            var pixels = new byte[split.Shape.Bytes];
            for (var image = 0; image < split.Count; image++)
            {
                split.Read(image, pixels);
                Assert.Equal(split.Labels[image] == 0, pixels[^1] == 220);
                Assert.Equal(split.Labels[image] == 1, pixels[0] == 220);
            }
        }
    }

    [Fact]
    public void Train_val_and_test_are_taken_where_they_are_there()
    {
        using var folder = new TemporaryFolder();
        SomeData.WritePictures(folder.File("train"), perClass: 6, "a", "b", "c");
        SomeData.WritePictures(folder.File("val"), perClass: 2, "a", "b", "c");
        SomeData.WritePictures(folder.File("test"), perClass: 1, "a", "c");
        var data = DataSets.Open(folder.Path);
        Assert.Equal((18, 6, 2), (data.Training.Count, data.Validation.Count, data.Test.Count));
        Assert.Equal((int[])[0, 2], data.Test.Labels);
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Png, "png")]
    [InlineData(SKEncodedImageFormat.Jpeg, "jpg")]
    [InlineData(SKEncodedImageFormat.Webp, "webp")]
    public void Pictures_of_one_size_keep_it_and_are_the_same_in_memory_and_in_the_cache(
        SKEncodedImageFormat format, string ending)
    {
        using TemporaryFolder folder = new(), cache = new();
        for (var i = 0; i < 10; i++)
        {
            SomeData.WritePicture(
                folder.File($"{(i < 5 ? "blue" : "red")}/{i}.{ending}"), 20, 12, i < 5 ? Blue : Red, format: format);
        }

        DataSplits
            kept = ImageFolder.Read(folder.Path, "x", size: null, new DataReading(), CancellationToken.None),
            decoded = ImageFolder.Read(
                folder.Path, "x", size: null, new DataReading { MostKeptBytes = 0, CacheFolder = cache.Path },
                CancellationToken.None);
        Assert.Equal(new ImageShape(3, 20, 12), kept.Training.Shape);
        Assert.Equal(kept.Hash, decoded.Hash);
        byte[] one = new byte[720], two = new byte[720];
        for (var image = 0; image < kept.Training.Count; image++)
        {
            kept.Training.Read(image, one);
            decoded.Training.Read(image, two);
            Assert.Equal(one, two);
            Assert.InRange(one[0], kept.Training.Labels[image] == 1 ? 250 : 0, kept.Training.Labels[image] == 1 ? 255 : 5);
        }
    }

    [Fact]
    public void A_size_is_given_at_the_end_and_belongs_to_the_hash()
    {
        using var folder = new TemporaryFolder();
        SomeData.WritePictures(folder.Path, perClass: 5, "a", "b");
        DataSplits sized = DataSets.Open($"{folder.Path}@16x24"), grey = DataSets.Open($"{folder.Path}@16x24x1");
        Assert.Equal((new ImageShape(3, 16, 24), new ImageShape(1, 16, 24)), (sized.Training.Shape, grey.Training.Shape));
        Assert.Equal($"{folder.Path}@16x24x1", grey.Spec);
        Assert.Equal(3, new[] { DataSets.Open(folder.Path), sized, grey }.Select(data => data.Hash).Distinct().Count());
        Assert.Contains(
            "sides of 1 to 4096",
            Assert.Throws<InputException>(() => DataSets.Open($"{folder.Path}@16x24x2")).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "sides of 1 to 4096",
            Assert.Throws<InputException>(() => DataSets.Open($"{folder.Path}@0x24")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Grey_pictures_have_one_channel_and_mixed_ones_are_refused_unless_a_size_says_what_they_become()
    {
        using var folder = new TemporaryFolder();
        for (var i = 0; i < 6; i++)
            SomeData.WritePicture(folder.File($"{(i < 3 ? "a" : "b")}/{i}.png"), 8, 8, new SKColor(90, 90, 90), grey: true);
        Assert.Equal(new ImageShape(1, 8, 8), DataSets.Open(folder.Path).Training.Shape);
        SomeData.WritePicture(folder.File("b/colour.png"), 8, 8, Red);
        var error = Assert.Throws<InputException>(() => DataSets.Open(folder.Path));
        Assert.Contains("mixes grey and colour", error.Message, StringComparison.Ordinal);
        Assert.Contains("b/colour.png", error.Message, StringComparison.Ordinal);
        Assert.Contains("@8x8x3", error.Message, StringComparison.Ordinal);
        Assert.Equal(3, DataSets.Open($"{folder.Path}@8x8x3").Training.Shape.Channels);
    }

    [Fact]
    public void Reading_can_be_cancelled()
    {
        using var folder = new TemporaryFolder();
        SomeData.WritePictures(folder.Path, perClass: 5, "a", "b");
        Assert.ThrowsAny<OperationCanceledException>(() => DataSets.Open(folder.Path, new CancellationToken(canceled: true)));
    }

    [Theory]
    [InlineData("text", SKEncodedImageFormat.Png)]
    [InlineData("empty", SKEncodedImageFormat.Png)]
    [InlineData("cut", SKEncodedImageFormat.Png)]
    [InlineData("cut", SKEncodedImageFormat.Jpeg)]
    [InlineData("cut", SKEncodedImageFormat.Webp)]
    public void A_damaged_picture_is_named(string damage, SKEncodedImageFormat format)
    {
        using var folder = new TemporaryFolder();
        SomeData.WritePictures(folder.Path, perClass: 5, "a", "b");
        var path = folder.File("b/damaged.png");
        SomeData.WritePicture(path, 80, 90, Red, format: format);
        var whole = File.ReadAllBytes(path);
        File.WriteAllBytes(
            path,
            damage switch { "text" => "<html>not found</html>"u8.ToArray(), "empty" => [], _ => whole[..(whole.Length / 2)] });
        var error = Assert.Throws<InputException>(() => DataSets.Open(folder.Path));
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains("damaged", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_picture_that_claims_to_be_huge_is_refused_by_its_header()
    {
        using var folder = new TemporaryFolder();
        SomeData.WritePictures(folder.Path, perClass: 5, "a", "b");
        var bytes = File.ReadAllBytes(folder.File("a/000.png"));

        // Width and height of the header chunk, and its checksum.
        new byte[] { 0, 1, 0, 0, 0, 1, 0, 0 }.CopyTo(bytes, 16);
        BitConverter.GetBytes(System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(PictureBytes.Crc32(bytes.AsSpan(12, 17))))
            .CopyTo(bytes, 29);
        File.WriteAllBytes(folder.File("a/000.png"), bytes);
        var error = Assert.Throws<InputException>(() => DataSets.Open(folder.Path));
        Assert.Contains("65536 x 65536 pixels", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_folder_an_empty_class_and_an_unknown_class_are_named()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains(
            "holds no data set",
            Assert.Throws<InputException>(() => DataSets.Open(folder.Path)).Message,
            StringComparison.Ordinal);
        SomeData.WritePictures(folder.File("train"), perClass: 5, "a", "b");
        Directory.CreateDirectory(folder.File("train/c"));
        Assert.Contains(
            "train/c' holds no picture",
            Assert.Throws<InputException>(() => DataSets.Open(folder.Path)).Message,
            StringComparison.Ordinal);
        Directory.Delete(folder.File("train/c"));
        SomeData.WritePictures(folder.File("test"), perClass: 1, "a", "d");
        Assert.Contains(
            "test/d' is of a class that",
            Assert.Throws<InputException>(() => DataSets.Open(folder.Path)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_with_one_class_is_too_few()
    {
        using var folder = new TemporaryFolder();
        SomeData.WritePictures(folder.Path, perClass: 9, "only");
        Assert.Contains(
            "1 class; at least 2",
            Assert.Throws<InputException>(() => DataSets.Open(folder.Path)).Message,
            StringComparison.Ordinal);
    }
}
