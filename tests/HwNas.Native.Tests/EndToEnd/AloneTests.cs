using HwNas.Core.Spaces;
using HwNas.Native.Tests.Support;
using HwNas.Onnx.Export;
using HwNas.Supernet.Training;
using SkiaSharp;

namespace HwNas.Native.Tests.EndToEnd;

/// <summary>One network is trained alone, or tuned from what it inherits, and goes on like any run.</summary>
public sealed class AloneTests
{
    private const string Subnet = "r20-c16-w16d1k3e2-w16d2k5e3-w32d1k3e2-w48d1k3e2-h64";

    private static readonly string[] Train =
        ["train", "--data", "bars", "--space", "fashion-mnist", "--steps", "8", "--batch", "16", "--threads", "1"];

    [Fact]
    public void A_network_is_trained_alone_tuned_for_other_classes_and_exported()
    {
        using var folder = new TemporaryFolder();
        SomeData.WriteIdx(folder.File("bars"));
        for (var i = 0; i < 40; i++)
        {
            var shade = (byte)(60 * (i % 4));
            SomeData.WritePicture(folder.File($"other/{i % 4}/{i}.png"), 20, 12, new SKColor(shade, shade, shade), grey: true);
        }

        File.WriteAllText(folder.File("other/1/damaged.png"), "no picture");

        var alone = Tool.RunWell(folder.Path, [.. Train, "--standalone", Subnet, "--out", "alone"]);
        Assert.StartsWith($"{Subnet}: ", alone.Output, StringComparison.Ordinal);
        Assert.Contains(" % of 12 validation images", alone.Output, StringComparison.Ordinal);
        var space = Assert.IsType<SubnetSpace>(SearchSpace.Load(folder.File("alone/space.json")));
        Assert.Equal((Subnet, 1), (space.Plan.Id, (int)space.Genomes.Count));
        Tool.RunWell(folder.Path, [.. Train, "--standalone", Subnet, "--out", "alone"]);
        var other = Subnet.Replace("h64", "h80", StringComparison.Ordinal);
        var another = Tool.Run(folder.Path, [.. Train, "--standalone", other, "--out", "alone"]);
        Assert.Equal(2, another.ExitCode);
        Assert.Contains("holds another run", another.Error, StringComparison.Ordinal);
        var resumed = Tool.RunWell(folder.Path, "train", "--resume", "--out", "alone");
        Assert.StartsWith($"{Subnet}: ", resumed.Output, StringComparison.Ordinal);

        Tool.RunWell(folder.Path, [.. Train, "--out", "whole"]);
        var tuned = Tool.RunWell(
            folder.Path, "finetune", "--run", "whole", "--subnet", Subnet, "--data", "other", "--skip-damaged", "1",
            "--steps", "6", "--threads", "1", "--out", "tuned");
        Assert.Contains("1 of 41 pictures is left out", tuned.Error, StringComparison.Ordinal);
        Assert.Contains("but for head.classifier, which fit no more", tuned.Error, StringComparison.Ordinal);
        var record = TrainingRecord.Read(folder.File("tuned/training.json"));
        Assert.Equal(SupernetCheckpoint.Read(folder.File("whole/supernet.safetensors")).Hash, record.From!.Hash);
        Assert.Equal(0.02, record.Options.Recipe.LearningRate, 6);

        Tool.RunWell(folder.Path, "search", "--run", "tuned", "--threads", "1");
        Tool.RunWell(folder.Path, "export", "--run", "tuned", "--out", "model.onnx");
        Tool.RunWell(folder.Path, "verify", "model.onnx", "--run", "tuned", "--seconds", "0.5");
        var card = ModelCard.Read(folder.File("model.json"));
        Assert.Equal((Subnet, 4), (card.Architecture, card.Classes.Length));
        Assert.Equal(100, card.Verifications[0].Agreement!.SameClassPercent);
    }

    [Theory]
    [InlineData("does not exist", "finetune", "--run", "none", "--subnet", Subnet)]
    [InlineData("--skip-damaged -1 is negative", "finetune", "--run", "none", "--skip-damaged", "-1")]
    [InlineData("is no architecture", "train", "--data", "bars", "--standalone", "r20", "--out", "wrong")]
    public void What_cannot_be_trained_is_refused_and_leaves_nothing(string problem, params string[] command)
    {
        using var folder = new TemporaryFolder();
        SomeData.WriteIdx(folder.File("bars"));
        var result = Tool.Run(folder.Path, command);
        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.Contains(problem, result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.File("wrong")));
    }
}
