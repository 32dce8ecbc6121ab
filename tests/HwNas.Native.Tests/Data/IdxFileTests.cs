using HwNas.Core;
using HwNas.Native.Tests.Support;
using HwNas.Supernet.Data;

namespace HwNas.Native.Tests.Data;

public sealed class IdxFileTests
{
    private static readonly byte[] TwoByThree = [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Reads_sides_and_values_packed_or_plain(bool packed)
    {
        var (sides, values) = Read(TwoByThree, packed);
        Assert.Equal([2, 3], sides);
        Assert.Equal([1, 2, 3, 4, 5, 6], values);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Truncated_or_overlong_content_is_wrong_input_at_every_length(bool packed)
    {
        for (var length = 0; length < TwoByThree.Length; length++)
            Refused("truncated", TwoByThree[..length], packed);
        Refused("longer than its header says", [.. TwoByThree, 7], packed);
    }

    [Fact]
    public void A_packed_file_cut_off_at_any_length_is_wrong_input_or_loses_nothing_but_its_end_mark()
    {
        using var folder = new TemporaryFolder();
        SomeData.Write(folder.Path, "whole", packed: true, TwoByThree);
        var whole = File.ReadAllBytes(folder.File("whole.gz"));
        var refused = 0;
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(folder.File("x.gz"), whole[..length]);
            try
            {
                Assert.Equal(TwoByThree[12..], IdxFile.ReadBytes(folder.File("x.gz"), 2).Values);
            }
            catch (InputException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, whole.Length - 12, whole.Length);
    }

    [Theory]
    [InlineData(2, 9, "no IDX file")]
    [InlineData(3, 1, "no IDX file")]
    [InlineData(2, 0x0C, "truncated")]
    [InlineData(4, 0x7f, "cannot be in its")]
    [InlineData(4, 0xff, "cannot be in its")]
    [InlineData(11, 2, "longer")]
    [InlineData(11, 0, "cannot be in its")]
    public void A_wrong_header_is_wrong_input(int position, byte value, string problem)
    {
        var bytes = TwoByThree.ToArray();
        bytes[position] = value;
        Refused(problem, bytes, packed: false);
        Assert.Throws<InputException>(() => Read(bytes, packed: true));
    }

    [Theory]
    [InlineData(0x7fff_ffff, 1)]
    [InlineData(0x4000_0000, 4)]
    [InlineData(0x1000, 0x1000)]
    [InlineData(unchecked((int)0x8000_0000), 1)]
    public void What_a_header_claims_is_checked_before_memory_is_taken(int rows, int columns)
    {
        var hostile = SomeData.Idx(0x08, [rows, columns], [1, 2, 3]);
        foreach (var packed in new[] { true, false })
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Throws<InputException>(() => Read(hostile, packed));
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
        }
    }

    [Fact]
    public void A_file_that_is_no_gzip_is_wrong_input()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("x.gz"), TwoByThree);
        Assert.Throws<InputException>(() => IdxFile.ReadBytes(folder.File("x.gz"), 2));
    }

    [Fact]
    public void Labels_are_bytes_or_integers()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("bytes"), SomeData.Idx(0x08, [3], [0, 200, 255]));
        File.WriteAllBytes(folder.File("integers"), SomeData.Idx(0x0C, [2], [0, 0, 0, 1, 0, 0, 3, 231]));
        File.WriteAllBytes(folder.File("negative"), SomeData.Idx(0x0C, [1], [255, 255, 255, 255]));
        Assert.Equal((int[])[0, 200, 255], IdxFile.ReadLabels(folder.File("bytes")));
        Assert.Equal((int[])[1, 999], IdxFile.ReadLabels(folder.File("integers")));
        Assert.Throws<InputException>(() => IdxFile.ReadLabels(folder.File("negative")));
    }

    private static void Refused(string problem, byte[] content, bool packed)
    {
        var error = Assert.Throws<InputException>(() => Read(content, packed));
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.Contains("idx-file", error.Message, StringComparison.Ordinal);
    }

    private static (IReadOnlyList<int> Sides, byte[] Values) Read(byte[] content, bool packed)
    {
        using var folder = new TemporaryFolder();
        SomeData.Write(folder.Path, "idx-file", packed, content);
        return IdxFile.ReadBytes(folder.File(packed ? "idx-file.gz" : "idx-file"), 2);
    }
}
