using HwNas.Core;
using HwNas.Native.Tests.Support;
using HwNas.Supernet.Data;

namespace HwNas.Native.Tests.Data;

/// <summary>Damaged files are read, or refused as wrong input; nothing else, and never with much memory.</summary>
public sealed class DataSetFuzzTests
{
    private const int Mutants = 150;

    [Theory]
    [InlineData("idx", "train-images-idx3-ubyte")]
    [InlineData("idx", "t10k-labels-idx1-ubyte")]
    [InlineData("packed", "train-images-idx3-ubyte.gz")]
    [InlineData("packed", "t10k-labels-idx1-ubyte.gz")]
    [InlineData("cifar", "data_batch_1.bin")]
    [InlineData("pictures", "a/003.png")]
    public void A_mutated_file_is_read_or_refused(string kind, string file)
    {
        using var folder = new TemporaryFolder();
        if (kind == "pictures")
            SomeData.WritePictures(folder.Path, perClass: 6, "a", "b");
        else if (kind == "cifar")
            WriteCifar(folder);
        else
            SomeData.WriteIdx(folder.Path, training: 12, test: 3, packed: kind == "packed");
        var (path, random) = (folder.File(file), new Random(7));
        var whole = File.ReadAllBytes(path);
        var refused = 0;
        for (var mutant = 0; mutant < Mutants; mutant++)
        {
            File.WriteAllBytes(path, Mutate(whole, random));
            try
            {
                var data = DataSets.Open(folder.Path);
                Assert.All(data.Training.Labels, label => Assert.InRange(label, 0, data.Classes.Length - 1));
            }
            catch (InputException error)
            {
                refused++;
                Assert.Contains(folder.Path, error.Message, StringComparison.Ordinal);
            }
        }

        Assert.InRange(refused, 1, Mutants);
    }

    private static void WriteCifar(TemporaryFolder folder)
    {
        File.WriteAllBytes(folder.File("data_batch_1.bin"), new byte[6 * 3073]);
        File.WriteAllBytes(folder.File("test_batch.bin"), new byte[2 * 3073]);
    }

    // Mostly near the beginning, where headers are: bytes changed, put in, taken out, or the rest cut off.
    private static byte[] Mutate(byte[] whole, Random random)
    {
        var bytes = whole.ToList();
        for (var change = random.Next(1, 4); change > 0 && bytes.Count > 0; change--)
        {
            var place = random.Next(random.Next(2) == 0 ? Math.Min(40, bytes.Count) : bytes.Count);
            switch (random.Next(4))
            {
                case 0:
                    bytes[place] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[place] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    bytes.Insert(place, (byte)random.Next(256));
                    break;
                default:
                    bytes.RemoveRange(place, Math.Min(random.Next(1, 9), bytes.Count - place));
                    break;
            }
        }

        return [.. bytes];
    }
}
