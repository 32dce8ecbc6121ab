using System.Text.Json.Nodes;
using HwNas.Core.Files;
using HwNas.Native.Tests.Support;
using HwNas.Onnx.Export;

namespace HwNas.Native.Tests.EndToEnd;

/// <summary>Data of a user's own, from training to the verified model.</summary>
public sealed class OwnDataTests
{
    private static readonly string[] Train = ["train", "--steps", "6", "--batch", "16", "--threads", "1", "--out", "run"];

    [Fact]
    public void Idx_files_of_three_classes_and_20x12_pixels()
    {
        using var folder = new TemporaryFolder();
        SomeData.WriteIdx(folder.File("bars"));
        File.WriteAllText(folder.File("bars/classes.txt"), "top\nmiddle\nbottom\n");
        var trained = Tool.RunWell(folder.Path, [.. Train, "--data", "bars"]);
        Assert.Contains("'fashion-mnist-3-classes' on '", trained.Error, StringComparison.Ordinal);
        Assert.Contains("48 + 12 + 12 images of 20x12x1, 3 classes", trained.Error, StringComparison.Ordinal);

        // No verb is told again what was trained on.
        var searched = Tool.RunWell(folder.Path, "search", "--run", "run", "--evaluations", "3", "--threads", "1");
        Assert.Contains("Calibration takes 48 images in 3 batches instead of 24 of 16", searched.Error, StringComparison.Ordinal);
        Tool.RunWell(folder.Path, "export", "--run", "run", "--out", "model.onnx");
        Tool.RunWell(folder.Path, "verify", "model.onnx", "--run", "run", "--seconds", "0.5");
        var card = ModelCard.Read(folder.File("model.json"));
        Assert.Equal((string[])["top", "middle", "bottom"], card.Classes);
        Assert.Equal(12, card.Verifications[0].TestImages);
        Assert.Equal(100, card.Verifications[0].Agreement!.SameClassPercent);
        var told = ModelProto.Parser.ParseFrom(File.ReadAllBytes(folder.File("model.onnx"))).MetadataProps;
        Assert.Equal("""["top","middle","bottom"]""", told.Single(property => property.Key == "hwnas.class_names").Value);

        // A card that is not of its model is refused before accuracy is computed with it.
        StrictJson.WriteFile(folder.File("model.json"), card with { Resolution = card.Resolution + 1 });
        Refused(folder, "its card says", "verify", "model.onnx", "--run", "run");
        StrictJson.WriteFile(folder.File("model.json"), card);

        // The run has its space as a file, for the profile.
        Tool.RunWell(folder.Path, "space", "check", "run/space.json");

        // Other data are refused by every verb, also such of the same shape, and nothing is left of it.
        SomeData.WriteIdx(folder.File("other"), seed: 2);
        foreach (var verb in (string[][])[
            ["search", "--run", "run"], ["best", "--run", "run", "--macs", "2M"], ["export", "--run", "run"],
            ["verify", "model.onnx", "--run", "run"],
        ])
        {
            Refused(folder, "trained on other images", [.. verb, "--data", "other"]);
        }

        Refused(folder, "trained on other images (bars)", "verify", "model.onnx", "--data", "other");
        Refused(folder, "holds another run", [.. Train, "--data", "other"]);

        // Moved data are asked for, and taken where they are now.
        Directory.Move(folder.File("bars"), folder.File("moved"));
        Refused(folder, "Say with --data where it is now", "search", "--run", "run");
        Tool.RunWell(folder.Path, "search", "--run", "run", "--evaluations", "2", "--threads", "1", "--data", "moved");
    }

    [Fact]
    public void A_folder_of_colour_pictures()
    {
        using var folder = new TemporaryFolder();
        SomeData.WritePictures(folder.File("photos"), perClass: 30, "cat", "dog");
        Tool.RunWell(folder.Path, [.. Train, "--data", "photos@24x28", "--augment", "strong"]);
        var training = JsonNode.Parse(File.ReadAllText(folder.File("run/training.json")))!;
        Assert.Equal(2, (int?)training["options"]!["recipe"]!["augmentation"]!["rand_augment_operations"]);
        var record = training["data"]!;
        Assert.Equal("24x28x3", (string?)record["shape"]);
        Assert.Equal(["cat", "dog"], record["classes"]!.AsArray().Select(name => (string)name!));
        Assert.Equal(3, record["normalisation"]!["mean"]!.AsArray().Count);
        Assert.Equal("cifar-32-2-classes", (string?)JsonNode.Parse(File.ReadAllText(folder.File("run/space.json")))!["name"]);

        Tool.RunWell(folder.Path, "search", "--run", "run", "--evaluations", "3", "--threads", "1");
        Tool.RunWell(folder.Path, "export", "--run", "run", "--out", "model.onnx");
        Tool.RunWell(folder.Path, "verify", "model.onnx", "--run", "run", "--seconds", "0.5");
        var card = ModelCard.Read(folder.File("model.json"));
        Assert.Equal(3, card.Normalisation.Channels);
        Assert.Equal(100, card.Verifications[0].Agreement!.SameClassPercent);
        Assert.True(card.Verifications[0].Agreement!.MaxLogitDifference <= 1e-3);
    }

    [Fact]
    public void The_binary_files_of_Cifar_10()
    {
        using var folder = new TemporaryFolder();
        SomeData.WriteCifar10(folder.File("cifar"), imagesPerBatch: 20, test: 30);
        var trained = Tool.RunWell(folder.Path, [.. Train, "--data", "cifar"]);
        Assert.Contains("'cifar-32' on '", trained.Error, StringComparison.Ordinal);
        Assert.Contains("80 + 20 + 30 images of 32x32x3, 10 classes", trained.Error, StringComparison.Ordinal);

        Tool.RunWell(folder.Path, "search", "--run", "run", "--evaluations", "3", "--threads", "1");
        Tool.RunWell(folder.Path, "export", "--run", "run", "--out", "model.onnx");
        Tool.RunWell(folder.Path, "verify", "model.onnx", "--run", "run", "--seconds", "0.5");
        var card = ModelCard.Read(folder.File("model.json"));
        Assert.Equal("truck", card.Classes[9]);
        Assert.Equal(30, card.Verifications[0].TestImages);
        Assert.Equal(100, card.Verifications[0].Agreement!.SameClassPercent);
        Assert.True(card.Verifications[0].Agreement!.MaxLogitDifference <= 1e-3);
    }

    [Fact]
    public void What_does_not_fit_ends_before_there_is_a_folder()
    {
        using var folder = new TemporaryFolder();
        SomeData.WriteIdx(folder.File("bars"));
        File.WriteAllText(folder.File("mine.json"), Tool.RunWell(folder.Path, "space", "show", "fashion-mnist", "--json").Output);
        Refused(folder, "\"classes\": 3", [.. Train, "--data", "bars", "--space", "mine.json"]);
        Refused(folder, "48 images, fewer than a batch of 64", "train", "--data", "bars", "--out", "run");
        Refused(folder, "is no folder", [.. Train, "--data", "nowhere"]);
        File.WriteAllBytes(folder.File("bars/train-images-idx3-ubyte"), SomeData.Idx(0x08, [int.MaxValue, 28, 28], [1, 2, 3]));
        Refused(folder, "train-images-idx3-ubyte", [.. Train, "--data", "bars"]);
        Assert.False(Directory.Exists(folder.File("run")));
    }

    [Fact]
    public void A_run_of_an_older_version_says_how_to_go_on()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("run"));
        File.WriteAllText(folder.File("run/training.json"), """{"schema":"hwnas/training/1","tool_version":"0.1.0"}""");
        Refused(folder, "older version of hwnas and does not say on which images. Train again", [.. Train]);
    }

    private static void Refused(TemporaryFolder folder, string problem, params string[] arguments)
    {
        var result = Tool.Run(folder.Path, arguments);
        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.Contains(problem, result.Error, StringComparison.Ordinal);
    }
}
