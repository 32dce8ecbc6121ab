using HwNas.Core;
using HwNas.Native.Tests.Support;
using HwNas.Supernet.Elastic;
using HwNas.Supernet.Training;

namespace HwNas.Native.Tests.Supernet;

public sealed class SafeTensorsFileTests
{
    private static readonly KeyValuePair<string, StoredTensor>[] Tensors =
    [
        new("b", new StoredTensor("F32", [2, 1], [1, 2, 3, 4, 5, 6, 7, 8])),
        new("a", new StoredTensor("U8", [3], [9, 10, 11])),
    ];

    [Fact]
    public void What_is_written_is_read()
    {
        using var folder = new TemporaryFolder();
        var path = Write(folder);
        var (texts, tensors) = SafeTensorsFile.Read(path);
        Assert.Equal("one", texts["k"]);
        Assert.Equal(2, tensors.Count);
        foreach (var (name, tensor) in Tensors)
        {
            Assert.Equal(tensor.Type, tensors[name].Type);
            Assert.Equal(tensor.Shape, tensors[name].Shape.AsEnumerable());
            Assert.Equal(tensor.Bytes, tensors[name].Bytes);
        }
    }

    [Fact]
    public void A_truncated_file_is_wrong_input_at_every_length()
    {
        using var folder = new TemporaryFolder();
        var whole = File.ReadAllBytes(Write(folder));
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(folder.File("cut"), whole[..length]);
            Assert.Throws<InputException>(() => SafeTensorsFile.Read(folder.File("cut")));
        }
    }

    [Fact]
    public void A_flipped_bit_anywhere_is_found()
    {
        using var folder = new TemporaryFolder();
        var whole = File.ReadAllBytes(Write(folder));
        for (var position = 0; position < whole.Length; position++)
        {
            // White space of the header's padding carries nothing.
            if (whole[position] == ' ')
                continue;
            var damaged = whole.ToArray();
            damaged[position] ^= 1;
            File.WriteAllBytes(folder.File("damaged"), damaged);
            Assert.Throws<InputException>(() => SafeTensorsFile.Read(folder.File("damaged")));
        }
    }

    [Fact]
    public void What_no_array_can_hold_is_refused()
    {
        using var folder = new TemporaryFolder();
        var whole = File.ReadAllBytes(Write(folder));
        using (var file = File.Create(folder.File("huge")))
        {
            file.Write(whole);
            file.SetLength(3L << 30);
        }

        Assert.Contains("3221225472 bytes", Refused(folder.File("huge")), StringComparison.Ordinal);
        Assert.Contains("no regular file", Refused("/dev/zero"), StringComparison.Ordinal);
        static string Refused(string path) => Assert.Throws<InputException>(() => SafeTensorsFile.Read(path)).Message;
    }

    [Theory]
    [InlineData("F32", "momentum.", "without which its training cannot continue")]
    [InlineData("U8", "", "which its space needs")]
    [InlineData("U8", "momentum.", "without which its training cannot continue")]
    public void A_checkpoint_of_other_shapes_or_types_is_refused(string type, string prefix, string reason)
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("checkpoint");
        using (var supernet = new ElasticSupernet(Some.TinySpace(), seed: 1))
            Train(supernet, null);
        var (texts, tensors) = SafeTensorsFile.Read(path);
        var name = tensors.Keys.First(key => key.StartsWith(prefix, StringComparison.Ordinal));
        var wrong = new StoredTensor(type, [1, 3], new byte[3 * StoredTensor.ElementBytes(type)]);
        SafeTensorsFile.Write(
            path, new Dictionary<string, string>(texts) { ["step"] = "1" },
            [.. tensors.Select(tensor => tensor.Key == name ? KeyValuePair.Create(name, wrong) : tensor)]);
        var error = Assert.Throws<InputException>(() =>
        {
            var checkpoint = SupernetCheckpoint.Read(path);
            using var restored = checkpoint.CreateSupernet();
            Train(restored, checkpoint);
        });
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);

        void Train(ElasticSupernet supernet, SupernetCheckpoint? checkpoint) =>
            new SupernetTrainer(Some.Options(2), Some.Images(32), TimeProvider.System, "test")
                .Train(supernet, checkpoint, path, folder.File("metrics"), null, CancellationToken.None);
    }

    [Fact]
    public void A_missing_file_says_what_to_do()
    {
        using var folder = new TemporaryFolder();
        var error = Assert.Throws<InputException>(() => SafeTensorsFile.Read(folder.File("none")));
        Assert.Contains("hwnas train", error.Message, StringComparison.Ordinal);
    }

    private static string Write(TemporaryFolder folder)
    {
        var path = folder.File("x.safetensors");
        SafeTensorsFile.Write(path, new Dictionary<string, string> { ["k"] = "one" }, Tensors);
        return path;
    }
}
