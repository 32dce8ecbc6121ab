using System.IO.Compression;
using HwNas.Core;
using HwNas.Native.Tests.Support;
using HwNas.Supernet.Data;

namespace HwNas.Native.Tests.Supernet;

public sealed class IdxFileTests
{
    private static readonly byte[] TwoByThree = [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6];

    [Fact]
    public void Reads_shape_and_values()
    {
        var (shape, values) = Read(TwoByThree, rank: 2);
        Assert.Equal([2, 3], shape);
        Assert.Equal([1, 2, 3, 4, 5, 6], values);
    }

    [Fact]
    public void Truncated_content_is_wrong_input_at_every_length()
    {
        for (var length = 0; length < TwoByThree.Length; length++)
            Assert.Throws<InputException>(() => Read(TwoByThree[..length], rank: 2));
    }

    [Theory]
    [InlineData(2, 9)]
    [InlineData(3, 1)]
    [InlineData(4, 0x7f)]
    [InlineData(4, 0xff)]
    [InlineData(11, 2)]
    [InlineData(11, 0)]
    public void A_wrong_header_is_wrong_input(int position, byte value)
    {
        var bytes = TwoByThree.ToArray();
        bytes[position] = value;
        Assert.Throws<InputException>(() => Read(bytes, rank: 2));
    }

    [Fact]
    public void A_file_that_is_no_gzip_is_wrong_input()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("x.gz"), TwoByThree);
        Assert.Throws<InputException>(() => IdxFile.Read(folder.File("x.gz"), 2));
    }

    [Fact]
    public void A_folder_without_the_data_set_names_the_package()
    {
        using var folder = new TemporaryFolder();
        var error = Assert.Throws<MissingDependencyException>(() => FashionMnist.Load(folder.Path));
        Assert.Contains("dataset-fashion-mnist", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_real_data_set_has_its_published_counts_and_disjoint_splits()
    {
        var data = FashionMnist.Load();
        Assert.Equal((55_000, 5_000, 10_000), (data.Training.Count, data.Validation.Count, data.Test.Count));
        foreach (var label in Enumerable.Range(0, 10))
        {
            Assert.Equal(6_000, data.Training.Labels.Count(l => l == label) + data.Validation.Labels.Count(l => l == label));
            Assert.Equal(1_000, data.Test.Labels.Count(l => l == label));
        }
    }

    private static (int[] Shape, byte[] Values) Read(byte[] content, int rank)
    {
        using var folder = new TemporaryFolder();
        using (var file = new GZipStream(File.Create(folder.File("x.gz")), CompressionLevel.Fastest))
            file.Write(content);
        return IdxFile.Read(folder.File("x.gz"), rank);
    }
}
