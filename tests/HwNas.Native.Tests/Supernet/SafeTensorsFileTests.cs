using HwNas.Core;
using HwNas.Native.Tests.Support;
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
