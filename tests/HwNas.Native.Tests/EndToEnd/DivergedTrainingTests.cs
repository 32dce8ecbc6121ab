using HwNas.Native.Tests.Support;
using HwNas.Supernet.Training;

namespace HwNas.Native.Tests.EndToEnd;

/// <summary>A training whose loss explodes.</summary>
public sealed class DivergedTrainingTests
{
    private static readonly string[] Train =
    [
        "train", "--data", "bars", "--out", "run", "--steps", "40", "--batch", "16", "--threads", "1", "--checkpoint-steps", "1",
    ];

    [Fact]
    public void It_stops_keeps_the_last_good_state_and_continues_with_a_smaller_rate()
    {
        using var folder = new TemporaryFolder();
        SomeData.WriteIdx(folder.File("bars"));
        var diverged = Tool.Run(folder.Path, [.. Train, "--learning-rate", "100"]);
        Assert.True(diverged.ExitCode == 2, diverged.ToString());
        Assert.Contains("The training diverged at step", diverged.Error, StringComparison.Ordinal);
        Assert.Contains("--resume and a smaller --learning-rate, such as 25.", diverged.Error, StringComparison.Ordinal);
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
        Assert.Equal(0.001, record.Options.LearningRate);
        Assert.True(double.IsFinite(record.Outcome!.LargestLoss));
        Assert.Equal(Enumerable.Range(1, 40), TrainingMetrics.Read(folder.File("run/metrics.jsonl")).Select(line => line.Step));
    }
}
