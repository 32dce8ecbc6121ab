using System.Text.RegularExpressions;
using HwNas.Native.Tests.Support;
using HwNas.Supernet.Training;

namespace HwNas.Native.Tests.EndToEnd;

/// <summary>A training whose loss explodes.</summary>
public sealed partial class DivergedTrainingTests
{
    private static readonly string[] Train =
    [
        "train", "--data", "bars", "--out", "run", "--steps", "40", "--batch", "16", "--threads", "1", "--checkpoint-steps", "1",
    ];

    [Fact]
    public void It_stops_keeps_the_last_good_state_and_continues_with_a_smaller_rate()
    {
        using var folder = new TemporaryFolder();
        SomeData.WriteIdx(folder.File("bars"), seed: 2);
        var diverged = Tool.Run(folder.Path, [.. Train, "--learning-rate", "100"]);
        Assert.True(diverged.ExitCode == 2, diverged.ToString());
        Assert.Contains("The training diverged at step", diverged.Error, StringComparison.Ordinal);
        Assert.EndsWith(
            ", such as 25:\n  hwnas train --resume --out run --learning-rate 25\n", diverged.Error, StringComparison.Ordinal);
        var kept = SupernetCheckpoint.Read(folder.File("run/supernet.safetensors"));
        using (kept.CreateSupernet())
            Assert.InRange(kept.Step, 1, 39);

        // Another rate is taken only where it is asked for in so many words.
        var again = Tool.Run(folder.Path, [.. Train, "--resume"]);
        Assert.True(again.ExitCode == 2, again.ToString());
        Assert.Contains("The training diverged at step", again.Error, StringComparison.Ordinal);
        Assert.Equal(kept.Step, SupernetCheckpoint.Read(folder.File("run/supernet.safetensors")).Step);
        var resumed = Tool.RunWell(folder.Path, [.. Train, "--resume", "--learning-rate", "0.001"]);
        Assert.Contains("The learning rate is 0.001 from here on, 100 before.", resumed.Error, StringComparison.Ordinal);
        var record = TrainingRecord.Read(folder.File("run/training.json"));
        Assert.Equal(0.001, record.Options.Recipe.LearningRate);
        Assert.True(double.IsFinite(record.Outcome!.LargestLoss));
        Assert.Equal(Enumerable.Range(1, 40), TrainingMetrics.Read(folder.File("run/metrics.jsonl")).Select(line => line.Step));
    }

    [Fact]
    public void What_a_quickstart_advises_works_and_then_it_goes_on()
    {
        using var folder = new TemporaryFolder();
        SomeData.WriteIdx(folder.File("bars"), seed: 2);
        _ = Tool.Run(folder.Path, [.. Train, "--learning-rate", "100"]);
        string[] quickstart =
        [
            "quickstart", "--data", "bars", "--out", "run", "--threads", "1", "--evaluations", "2", "--profile-seconds", "2",
        ];
        var result = Tool.Run(folder.Path, quickstart);
        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.Contains(". Give this, then the same command again:\n  hwnas train ", result.Error, StringComparison.Ordinal);

        // The advised rate is a quarter of that which failed, and may fail too, which takes a smaller one.
        result = RunAdvised(folder, result.Error);
        if (result.ExitCode == 2)
            result = Tool.Run(folder.Path, "train", "--resume", "--out", "run", "--learning-rate", "0.001");
        Assert.True(result.ExitCode == 0, result.ToString());

        // It takes the training as it is, and begins to measure.
        using var again = Tool.Start(folder.Path, quickstart);
        while (!again.HasExited && !File.Exists(folder.File("run/profile.samples.jsonl")))
            Thread.Sleep(20);
        Assert.False(again.HasExited, again.HasExited ? again.StandardError.ReadToEnd() : "");
        again.Kill(entireProcessTree: true);
        again.WaitForExit();
    }

    [Fact]
    public void Where_the_saved_state_itself_is_bad_the_advice_trains_into_another_folder()
    {
        using var folder = new TemporaryFolder();
        SomeData.WriteIdx(folder.File("bars"), seed: 2);
        string[] train = [.. Train, "--learning-rate", "0.001"];
        Tool.RunWell(folder.Path, train);
        var path = folder.File("run/supernet.safetensors");
        var saved = SupernetCheckpoint.Read(path);
        using (var supernet = saved.CreateSupernet())
        using (var sandwich = new SandwichStep(supernet, saved.Options))
        using (global::TorchSharp.torch.no_grad())
        {
            foreach (var weight in supernet.Parameters.Values)
                weight.mul_(100);
            SupernetCheckpoint.Write(path, supernet, saved.Options, step: 20, sandwich, null, "test");
        }

        var result = Tool.Run(folder.Path, [.. train, "--resume"]);
        Assert.True(result.ExitCode == 2, result.ToString());
        result = RunAdvised(folder, result.Error);
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.True(SupernetCheckpoint.Read(folder.File("run-2/supernet.safetensors")).IsComplete);
    }

    private static ToolResult RunAdvised(TemporaryFolder folder, string message)
    {
        var command = AdvisedCommand().Match(message);
        Assert.True(command.Success, message);
        return Tool.RunProgram("bash", folder.Path, "-c", $"dotnet '{Tool.Dll}' {command.Groups[1].Value}");
    }

    [GeneratedRegex("^  hwnas (train .*)$", RegexOptions.Multiline)]
    private static partial Regex AdvisedCommand();
}
