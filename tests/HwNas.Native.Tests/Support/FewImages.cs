using System.IO.Compression;
using HwNas.Supernet.Data;

namespace HwNas.Native.Tests.Support;

/// <summary>The first images of Fashion-MNIST, for tests of what is done with real images, however many.</summary>
internal static class FewImages
{
    public const int Training = 10_000, Test = 1_000;

    /// <summary>Writes the four IDX files.</summary>
    public static void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var (i, name) in SomeData.IdxFiles.Index())
        {
            using var packed = new GZipStream(
                File.OpenRead(Path.Combine(DataSets.DefaultSpec, name + ".gz")), CompressionMode.Decompress);
            var (count, sides) = (i < 2 ? Training : Test, i % 2 == 0 ? (int[])[28, 28] : []);
            packed.ReadExactly(new byte[4 + (4 * (1 + sides.Length))]);
            var values = new byte[sides.Aggregate(count, (product, side) => product * side)];
            packed.ReadExactly(values);
            SomeData.Write(folder, name, packed: false, SomeData.Idx(0x08, [count, .. sides], values));
        }
    }
}
