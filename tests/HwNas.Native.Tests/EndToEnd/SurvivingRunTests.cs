using HwNas.Core.Files;
using HwNas.Native.Tests.Support;
using HwNas.Supernet.Training;

namespace HwNas.Native.Tests.EndToEnd;

/// <summary>Trainings go on from what is whole, as they began, and begin anew with the weights of others.</summary>
public sealed class SurvivingRunTests : IDisposable
{
    private static readonly string[] Train =
        ["train", "--data", "bars", "--steps", "12", "--batch", "16", "--threads", "1", "--checkpoint-steps", "3"];

    private readonly TemporaryFolder _folder = new();

    public SurvivingRunTests() => SomeData.WriteIdx(_folder.File("bars"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Where_the_checkpoint_is_damaged_the_newest_whole_one_before_it_goes_on_to_the_same_weights()
    {
        Tool.RunWell(_folder.Path, [.. Train, "--keep-checkpoints", "3", "--out", "run"]);
        var path = _folder.File("run/supernet.safetensors");
        var whole = File.ReadAllBytes(path);
        File.WriteAllBytes(path, whole[..^1]);
        File.WriteAllText(_folder.File("run/checkpoints/step-9.safetensors"), "torn");

        var refused = Tool.Run(_folder.Path, [.. Train, "--out", "run"]);
        Assert.True(refused.ExitCode == 2, refused.ToString());
        Assert.Contains("supernet.safetensors' is damaged", refused.Error, StringComparison.Ordinal);
        Assert.EndsWith(
            "add --resume, to go on from 'run/checkpoints/step-9.safetensors'.\n", refused.Error, StringComparison.Ordinal);

        var resumed = Tool.RunWell(_folder.Path, "train", "--out", "run", "--resume", "--threads", "1");
        Assert.Contains("supernet.safetensors' is damaged", resumed.Error, StringComparison.Ordinal);
        Assert.Contains(
            "Going on from 'run/checkpoints/step-6.safetensors' instead, which is of step 6.", resumed.Error,
            StringComparison.Ordinal);
        Assert.Equal(whole, File.ReadAllBytes(path));
        Assert.Equal([3, 6, 9, 12], TrainingMetrics.Read(_folder.File("run/metrics.jsonl")).Select(metric => metric.Step));
    }

    [Fact]
    public void What_differs_is_named_with_the_command_that_goes_on_and_a_fork_begins_with_the_weights()
    {
        Tool.RunWell(_folder.Path, [.. Train, "--out", "a run"]);
        var unfinished = TrainingRecord.Read(_folder.File("a run/training.json")) with { Outcome = null };
        StrictJson.WriteFile(_folder.File("a run/training.json"), unfinished);
        var refused = Tool.Run(
            _folder.Path,
            [.. Train, "--out", "a run", "--resume", "--seed", "2", "--set", "dropout=0.1", "--random-subnets", "1"]);
        Assert.True(refused.ExitCode == 2, refused.ToString());
        Assert.EndsWith(
            """
            'a run' holds another run, which differs in
              --seed: 1, now 2
              --set random_subnets: 2, now 1
              --set dropout: 0, now 0.1
              Choose another --out, or go on with its own options:
              hwnas train --out 'a run' --resume

            """, refused.Error, StringComparison.Ordinal);
        Tool.RunWell(_folder.Path, "train", "--out", "a run", "--resume");

        Tool.RunWell(_folder.Path, "train", "--fork", "a run", "--steps", "3", "--threads", "1", "--out", "fork");
        var record = TrainingRecord.Read(_folder.File("fork/training.json"));
        Assert.Equal(SupernetCheckpoint.Read(_folder.File("a run/supernet.safetensors")).Hash, record.From!.Hash);
        Assert.Equal(unfinished.Options with { Steps = 3 }, record.Options);

        // Killed before its first checkpoint, it begins with the same weights again, though nobody names them.
        var forked = File.ReadAllBytes(_folder.File("fork/supernet.safetensors"));
        File.Delete(_folder.File("fork/supernet.safetensors"));
        StrictJson.WriteFile(_folder.File("fork/training.json"), record with { Outcome = null });
        Tool.RunWell(_folder.Path, "train", "--resume", "--threads", "1", "--out", "fork");
        Assert.Equal(forked, File.ReadAllBytes(_folder.File("fork/supernet.safetensors")));
    }

    [Fact]
    public void A_fork_that_cannot_be_is_refused_and_leaves_nothing()
    {
        Tool.RunWell(_folder.Path, [.. Train, "--out", "run"]);
        SomeData.WriteIdx(_folder.File("other"), classes: 4);
        Refused(
            "'run/supernet.safetensors' is of the space ",
            "--fork", "run", "--data", "other", "--space", "fashion-mnist", "--out", "x");
        Refused("--fork begins a new run: give its folder with --out.", "--fork", "run");
        Refused("There is no run 'nope'", "--fork", "nope", "--out", "x");
        Assert.False(Directory.Exists(_folder.File("x")));

        void Refused(string problem, params string[] arguments)
        {
            var result = Tool.Run(_folder.Path, ["train", .. arguments]);
            Assert.True(result.ExitCode == 2, result.ToString());
            Assert.Contains(problem, result.Error, StringComparison.Ordinal);
        }
    }
}
