using HwNas.Native.Tests.Support;
using HwNas.Onnx.Export;

namespace HwNas.Native.Tests.EndToEnd;

/// <summary>From images of a user's own to a verified model within a budget, by one command.</summary>
public sealed class AutoTests
{
    private static readonly string[] Short =
        ["--minutes", "0.3", "--steps", "12", "--batch", "16", "--evaluations", "3", "--threads", "1"];

    [Fact]
    public void Pictures_become_a_verified_model_within_the_budget_and_the_same_command_goes_on()
    {
        using var folder = new TemporaryFolder();
        SomeData.WritePictures(folder.File("photos"), perClass: 30, "cat", "dog");
        File.WriteAllText(folder.File("photos/cat/damaged.png"), "no picture");
        string[] command =
            ["auto", "--data", "photos", "--skip-damaged", "1", "--macs", "1M", .. Short, "--set", "momentum=0.8"];
        var result = Tool.RunWell(folder.Path, command);
        Assert.Contains("1 of 61 pictures is left out", result.Error, StringComparison.Ordinal);

        // Networks of the space for small colour images are too large for this budget.
        Assert.Contains("cifar-32-2-classes: no network of it keeps half of the budget", result.Error, StringComparison.Ordinal);
        Assert.Contains("fashion-mnist-3-channels-2-classes", result.Error, StringComparison.Ordinal);
        Assert.Contains("budget          kept, as measured", result.Output, StringComparison.Ordinal);
        var model = result.Output.Split('\n').Single(line => line.StartsWith("model ", StringComparison.Ordinal))[12..];
        var card = ModelCard.Read(ModelCard.PathFor(folder.File(model)));
        Assert.True(card.Costs["macs"] <= 1_000_000);
        Assert.Equal(100, card.Verifications[^1].Agreement!.SameClassPercent);
        var record = TrainingRecord.Read(folder.File("runs/photos/training.json"));
        Assert.Equal((12, 0.8), (record.Options.Steps, record.Options.Recipe.Momentum));

        var again = Tool.RunWell(folder.Path, command);
        Assert.Contains("has begun; it goes on as it was planned", again.Error, StringComparison.Ordinal);
        Assert.Contains(model, again.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_budget_that_nothing_keeps_ends_before_anything_is_trained()
    {
        using var folder = new TemporaryFolder();
        SomeData.WriteIdx(folder.File("bars"));
        var result = Tool.Run(folder.Path, ["auto", "--data", "bars", "--macs", "1k", .. Short]);
        Assert.True(result.ExitCode == 3, result.ToString());
        Assert.Contains("networks of the space reach", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.File("runs")));
    }

    [Theory]
    [InlineData("is no folder", "--data", "nowhere")]
    [InlineData("--minutes 0 is not", "--data", "bars", "--minutes", "0")]
    [InlineData("--skip-damaged -1 is negative", "--data", "bars", "--skip-damaged", "-1")]
    [InlineData("There is no search space 'big'", "--data", "bars", "--space", "big")]
    [InlineData("batch size 1 is not", "--data", "bars", "--batch", "1")]
    public void Wrong_input_is_refused_and_leaves_nothing(string problem, params string[] options)
    {
        using var folder = new TemporaryFolder();
        SomeData.WriteIdx(folder.File("bars"));
        var result = Tool.Run(folder.Path, ["auto", .. options]);
        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.Contains(problem, result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.File("runs")));
    }
}
