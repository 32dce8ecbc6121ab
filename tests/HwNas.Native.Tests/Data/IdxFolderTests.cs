using HwNas.Core;
using HwNas.Core.Data;
using HwNas.Native.Tests.Support;
using HwNas.Supernet.Data;

namespace HwNas.Native.Tests.Data;

public sealed class IdxFolderTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Any_sides_and_any_number_of_classes_are_taken(bool packed)
    {
        using var folder = new TemporaryFolder();
        SomeData.WriteIdx(folder.Path, packed: packed);
        var data = DataSets.Open(folder.Path);
        Assert.Equal(new ImageShape(1, 20, 12), data.Training.Shape);
        Assert.Equal((48, 12, 12), (data.Training.Count, data.Validation.Count, data.Test.Count));
        Assert.Equal((string[])["0", "1", "2"], data.Classes);
        Assert.Equal(20, data.Training.Labels.Count(label => label == 1) + data.Validation.Labels.Count(label => label == 1));

        // Every image keeps its label: its third of the height is bright.
        var pixels = new byte[data.Training.Shape.Bytes];
        for (var image = 0; image < data.Training.Count; image++)
        {
            data.Training.Read(image, pixels);
            Assert.Equal(data.Training.Labels[image], pixels.Index().MaxBy(pixel => pixel.Item).Index / 12 * 3 / 20);
        }
    }

    [Fact]
    public void The_hash_is_of_pixels_and_labels_and_of_nothing_else()
    {
        using TemporaryFolder plain = new(), packed = new(), relabelled = new(), otherPixel = new();
        SomeData.WriteIdx(plain.Path);
        SomeData.WriteIdx(packed.Path, packed: true);
        SomeData.WriteIdx(relabelled.Path);
        SomeData.WriteIdx(otherPixel.Path);
        Change(relabelled.File("t10k-labels-idx1-ubyte"));
        Change(otherPixel.File("train-images-idx3-ubyte"));
        File.WriteAllText(packed.File("classes.txt"), "a\nb\nc\n");
        var hashes = new[] { plain, packed, relabelled, otherPixel }.Select(folder => DataSets.Open(folder.Path).Hash).ToList();
        Assert.Equal(hashes[0], hashes[1]);
        Assert.Equal(3, hashes.Distinct().Count());

        // The last label, 2, becomes 1; the last pixel another one.
        static void Change(string path)
        {
            var bytes = File.ReadAllBytes(path);
            bytes[^1] = (byte)(bytes[^1] == 2 ? 1 : bytes[^1] ^ 1);
            File.WriteAllBytes(path, bytes);
        }
    }

    [Fact]
    public void Names_of_classes_lie_beside_the_files_and_need_not_all_be_there_in_the_images()
    {
        using var folder = new TemporaryFolder();
        SomeData.WriteIdx(folder.Path);
        File.WriteAllText(folder.File("classes.txt"), "cat\r\n dog \n\nbird\nfish\n");
        Assert.Equal((string[])["cat", "dog", "bird", "fish"], DataSets.Open(folder.Path).Classes);
        Refused(folder, "no class; at least 2", () => File.WriteAllText(folder.File("classes.txt"), "\n"));
        Refused(folder, "'cat' twice", () => File.WriteAllText(folder.File("classes.txt"), "cat\ncat\nbird\n"));
        Refused(
            folder, "the class 2, but the classes are 0 to 1", () => File.WriteAllText(folder.File("classes.txt"), "cat\ndog\n"));
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        using var folder = new TemporaryFolder();
        SomeData.WriteIdx(folder.Path, classes: 1);
        Refused(folder, "1 class; at least 2", () => { });
        SomeData.WriteIdx(folder.Path, training: 4);
        Refused(folder, "has 4 images to train on; at least 5", () => { });
        SomeData.WriteIdx(folder.Path);
        Refused(
            folder, "60 images, but",
            () => SomeData.Write(folder.Path, SomeData.IdxFiles[1], packed: false, SomeData.Idx(0x08, [59], new byte[59])));
        SomeData.WriteIdx(folder.Path);
        Refused(folder, "test images of 12x20", () => SomeData.Write(
            folder.Path, SomeData.IdxFiles[2], packed: false, SomeData.Idx(0x08, [12, 12, 20], new byte[12 * 240])));
        SomeData.WriteIdx(folder.Path);
        Refused(folder, "the class 7, but the classes are 0 to 2", () => SomeData.Write(
            folder.Path, SomeData.IdxFiles[3], packed: false, SomeData.Idx(0x08, [12], [7, .. new byte[11]])));
        Refused(folder, "t10k-labels-idx1-ubyte' does not exist", () => File.Delete(folder.File(SomeData.IdxFiles[3])));
    }

    [Fact]
    public void Fashion_mnist_is_known_by_its_content_and_has_its_published_counts()
    {
        using var folder = new TemporaryFolder();
        foreach (var file in Directory.GetFiles(DataSets.DefaultSpec))
            File.CreateSymbolicLink(folder.File(Path.GetFileName(file)), file);
        var data = DataSets.Open(folder.Path);
        Assert.Equal(
            ("Fashion-MNIST", "Fashion-MNIST training", "Fashion-MNIST test"), (data.Name, data.Training.Name, data.Test.Name));
        Assert.Equal(("T-shirt/top", "Ankle boot"), (data.Classes[0], data.Classes[^1]));
        Assert.Equal((55_000, 5_000, 10_000), (data.Training.Count, data.Validation.Count, data.Test.Count));
        foreach (var label in Enumerable.Range(0, 10))
        {
            Assert.Equal(6_000, data.Training.Labels.Count(l => l == label) + data.Validation.Labels.Count(l => l == label));
            Assert.Equal(1_000, data.Test.Labels.Count(l => l == label));
        }

        // As published for all training pixels.
        Assert.Equal(0.2860, data.Training.Normalisation.Mean[0], 3);
        Assert.Equal(0.3530, data.Training.Normalisation.Deviation[0], 3);
    }

    [Fact]
    public void Other_images_of_its_shape_are_not_fashion_mnist()
    {
        using var folder = new TemporaryFolder();
        SomeData.WriteIdx(folder.Path, training: 60_000, test: 10, height: 28, width: 28, classes: 10);
        var data = DataSets.Open(folder.Path);
        Assert.Equal("0", data.Classes[0]);
        Assert.NotEqual("Fashion-MNIST", data.Name);
    }

    private static void Refused(TemporaryFolder folder, string problem, Action damage)
    {
        damage();
        var error = Assert.Throws<InputException>(() => DataSets.Open(folder.Path));
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }
}
