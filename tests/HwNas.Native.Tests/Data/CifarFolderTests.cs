using HwNas.Core;
using HwNas.Core.Data;
using HwNas.Native.Tests.Support;
using HwNas.Supernet.Data;

namespace HwNas.Native.Tests.Data;

public sealed class CifarFolderTests
{
    [Fact]
    public void Cifar_10_is_read_from_its_batches_in_the_order_of_their_numbers()
    {
        using var folder = new TemporaryFolder();
        foreach (var batch in new[] { 1, 2, 10 })
            File.WriteAllBytes(folder.File($"data_batch_{batch}.bin"), Records(count: 5, labelBytes: 1, first: batch));
        File.WriteAllBytes(folder.File("test_batch.bin"), Records(count: 4, labelBytes: 1, first: 50));
        File.WriteAllText(
            folder.File("batches.meta.txt"), "airplane\nautomobile\nbird\ncat\ndeer\ndog\nfrog\nhorse\nship\ntruck\n\n");
        var data = DataSets.Open(folder.Path);
        Assert.Equal(new ImageShape(3, 32, 32), data.Training.Shape);
        Assert.Equal((12, 3, 4), (data.Training.Count, data.Validation.Count, data.Test.Count));
        Assert.Equal("truck", data.Classes[9]);

        // Red, green and blue of an image follow from its label (Records).
        var pixels = new byte[data.Test.Shape.Bytes];
        data.Test.Read(2, pixels);
        Assert.Equal(2, data.Test.Labels[2]);
        Assert.Equal([52, 62, 72], [pixels[0], pixels[1024], pixels[^1]]);
        Assert.Equal(3, data.Training.Normalisation.Channels);
        Assert.True(data.Training.Normalisation.Mean[0] < data.Training.Normalisation.Mean[2]);
    }

    [Fact]
    public void Cifar_100_has_its_fine_labels()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("train.bin"), Records(count: 10, labelBytes: 2, first: 0));
        File.WriteAllBytes(folder.File("test.bin"), Records(count: 2, labelBytes: 2, first: 90));
        var data = DataSets.Open(folder.Path);
        Assert.Equal(100, data.Classes.Length);
        Assert.Equal((int[])[0, 1], data.Test.Labels);
    }

    [Theory]
    [InlineData("test_batch.bin", "does not exist")]
    [InlineData("data_batch_1.bin", "does not exist")]
    [InlineData("short", "which are no images of 3073 bytes")]
    [InlineData("empty", "which are no images of 3073 bytes")]
    [InlineData("label", "has the label 10; the classes are 0 to 9")]
    public void A_damaged_file_is_named(string damage, string problem)
    {
        using var folder = new TemporaryFolder();
        var records = Records(count: 5, labelBytes: 1, first: 0);
        File.WriteAllBytes(folder.File("data_batch_1.bin"), records);
        File.WriteAllBytes(folder.File("test_batch.bin"), records);
        if (damage.EndsWith(".bin", StringComparison.Ordinal))
            File.Delete(folder.File(damage));
        if (damage == "short")
            File.WriteAllBytes(folder.File("data_batch_1.bin"), records[..^1]);
        if (damage == "empty")
            File.WriteAllBytes(folder.File("data_batch_1.bin"), []);
        if (damage == "label")
            File.WriteAllBytes(folder.File("data_batch_1.bin"), [10, .. records[1..]]);
        var error = Assert.Throws<InputException>(() => DataSets.Open(folder.Path));
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.Contains(".bin'", error.Message, StringComparison.Ordinal);
    }

    // Image i has the label i; its planes are first + i, 10 more and 20 more.
    private static byte[] Records(int count, int labelBytes, int first) =>
    [
        .. Enumerable.Range(0, count).SelectMany(i => (byte[])
        [
            .. Enumerable.Repeat((byte)77, labelBytes - 1), (byte)i,
            .. Enumerable.Range(0, 3).SelectMany(plane => Enumerable.Repeat((byte)(first + i + (10 * plane)), 1024)),
        ]),
    ];
}
