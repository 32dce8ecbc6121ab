using System.Diagnostics;
using HwNas.Core;
using HwNas.Core.Files;
using HwNas.Native.Tests.Support;
using HwNas.Supernet.Training;

namespace HwNas.Native.Tests.EndToEnd;

public sealed class KilledTrainingTests
{
    private static readonly string[] Options =
        ["train", "--steps", "12", "--batch", "32", "--threads", "1", "--checkpoint-steps", "3", "--seed", "5"];

    [Fact]
    public void A_training_killed_at_any_moment_continues_to_the_same_weights_bit_for_bit()
    {
        using var folder = new TemporaryFolder();
        Tool.RunWell(folder.Path, [.. Options, "--out", "whole"]);
        var expected = File.ReadAllBytes(folder.File("whole/supernet.safetensors"));
        var random = new Random(11);

        // Kills around the moments at which a checkpoint is written, each after more steps than the one before. A training that
        // ended before this process came to its kill begins anew.
        for (var (kills, attempt) = (0, 0); kills == 0; attempt++)
        {
            Assert.True(attempt < 10, "No kill came in time.");
            if (attempt > 0)
                Directory.Delete(folder.File("killed"), recursive: true);
            for (var step = 3; step <= 9; step += 3)
                kills += KilledAt(step) ? 1 : 0;
        }

        Tool.RunWell(folder.Path, [.. Options, "--out", "killed", .. Resume(folder)]);
        Assert.Equal(expected, File.ReadAllBytes(folder.File("killed/supernet.safetensors")));
        Assert.Equal([3, 6, 9, 12], Steps(folder));
        var course = TrainingMetrics.Read(folder.File("killed/metrics.jsonl"));
        Assert.All(course.Zip(course.Skip(1)), pair => Assert.True(pair.First.Seconds < pair.Second.Seconds));
        Assert.Equal(course[^1].Seconds, TrainingRecord.Read(folder.File("killed/training.json")).Outcome!.Seconds);

        bool KilledAt(int step)
        {
            using var process = Tool.Start(folder.Path, [.. Options, "--out", "killed", .. Resume(folder)]);
            while (!process.HasExited && Steps(folder).LastOrDefault() < step)
                Thread.Sleep(1);
            Thread.Sleep(random.Next(60));
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            return process.ExitCode != 0;
        }
    }

    [Fact]
    public void A_training_killed_before_it_said_that_it_was_done_says_so_with_the_right_figures()
    {
        using var folder = new TemporaryFolder();
        Tool.RunWell(folder.Path, [.. Options, "--out", "run"]);
        var path = folder.File("run/training.json");
        var whole = TrainingRecord.Read(path);
        StrictJson.WriteFile(path, whole with { Outcome = null });

        Tool.RunWell(folder.Path, [.. Options, "--out", "run", "--resume"]);

        var outcome = TrainingRecord.Read(path).Outcome!;
        Assert.True(outcome is { Seconds: > 0, ImagesPerSecond: > 0, LargestLoss: > 0, SmallestLoss: > 0 }, outcome.ToString());
        Assert.Equal(whole.Outcome! with { PeakMemoryBytes = 0 }, outcome with { PeakMemoryBytes = 0 });
    }

    [Theory]
    [InlineData("INT", "INT")]
    [InlineData("TERM", "INT")]
    [InlineData("HUP")]
    public void Signals_while_it_saves_lose_nothing(params string[] signals)
    {
        using var folder = new TemporaryFolder();
        using var process = StartLongTraining(folder);
        for (var i = 0; i < signals.Length; i++)
        {
            Tool.Signal(process, signals[i]);
            Thread.Sleep(20);
        }

        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 130, $"{process.ExitCode}: {error}");
        Assert.Contains("--resume", error, StringComparison.Ordinal);
        Assert.True(File.Exists(folder.File("run/supernet.safetensors")), error);
    }

    [Fact]
    public void A_third_signal_in_haste_gives_up_and_says_so()
    {
        using var folder = new TemporaryFolder();
        using var process = StartLongTraining(folder);
        for (var i = 0; i < 20 && !process.HasExited; i++)
            Tool.Signal(process, "INT");
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 130, $"{process.ExitCode}: {error}");
        Assert.True(
            error.Contains("given up", StringComparison.Ordinal) || File.Exists(folder.File("run/supernet.safetensors")), error);
    }

    [Fact]
    public void A_training_under_nohup_goes_on_when_the_terminal_is_closed()
    {
        using var folder = new TemporaryFolder();
        using var process = StartLongTraining(folder, "nohup");
        Tool.Signal(process, "HUP");
        Assert.False(process.WaitForExit(TimeSpan.FromSeconds(2)));
        Tool.Signal(process, "INT");
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(130, process.ExitCode);
    }

    [Fact]
    public void An_interrupt_saves_and_says_how_to_resume()
    {
        using var folder = new TemporaryFolder();
        using var process = StartLongTraining(folder);
        Tool.Interrupt(process);
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 130, error);
        Assert.Contains("--resume", error, StringComparison.Ordinal);
        Assert.True(File.Exists(folder.File("run/supernet.safetensors")), error);
    }

    [Fact]
    public void A_folder_that_holds_another_run_is_left_alone()
    {
        using var folder = new TemporaryFolder();
        Tool.RunWell(folder.Path, "train", "--steps", "2", "--batch", "8", "--out", "run");
        var before = File.ReadAllBytes(folder.File("run/supernet.safetensors"));
        var result = Tool.Run(folder.Path, "train", "--steps", "3", "--batch", "8", "--out", "run");
        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.Contains("holds another run", result.Error, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(folder.File("run/supernet.safetensors")));
    }

    // It has begun to train when it has claimed its folder and opened its course.
    private static Process StartLongTraining(TemporaryFolder folder, string? program = null)
    {
        string[] arguments =
            ["train", "--steps", "50000", "--batch", "32", "--threads", "1", "--out", "run", "--checkpoint-steps", "50000"];
        var process = program is null
            ? Tool.Start(folder.Path, arguments)
            : Tool.StartProgram(program, folder.Path, ["dotnet", Tool.Dll, .. arguments]);
        while (!File.Exists(folder.File("run/metrics.jsonl")) && !process.HasExited)
            Thread.Sleep(20);
        return process;
    }

    private static string[] Resume(TemporaryFolder folder) =>
        File.Exists(folder.File("killed/supernet.safetensors")) ? ["--resume"] : [];

    private static IEnumerable<int> Steps(TemporaryFolder folder)
    {
        try
        {
            return [.. TrainingMetrics.Read(folder.File("killed/metrics.jsonl")).Select(metric => metric.Step)];
        }
        catch (InputException)
        {
            return [];
        }
    }
}
