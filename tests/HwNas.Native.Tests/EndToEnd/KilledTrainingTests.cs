using HwNas.Native.Tests.Support;

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

        // Kills at random moments, until one run gets through.
        string[] resume = [];
        for (var attempt = 0; attempt < 40; attempt++)
        {
            using var process = Tool.Start(folder.Path, [.. Options, "--out", "killed", .. resume]);
            if (!process.WaitForExit(TimeSpan.FromMilliseconds(random.Next(800, 3000) + (attempt * 100))))
                process.Kill(entireProcessTree: true);
            process.WaitForExit();
            if (process.ExitCode == 0)
                break;
            resume = File.Exists(folder.File("killed/supernet.safetensors")) ? ["--resume"] : [];
        }

        Assert.Equal(expected, File.ReadAllBytes(folder.File("killed/supernet.safetensors")));
    }

    [Fact]
    public void An_interrupt_saves_and_says_how_to_resume()
    {
        using var folder = new TemporaryFolder();
        using var process = Tool.Start(folder.Path, "train", "--steps", "5000", "--batch", "32", "--out", "run", "--checkpoint-steps", "5000");
        while (!File.Exists(folder.File("run/training.json")) && !process.HasExited)
            Thread.Sleep(50);
        Thread.Sleep(1500);
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
}
