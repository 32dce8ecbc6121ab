using HwNas.Native.Tests.Support;

namespace HwNas.Native.Tests.EndToEnd;

/// <summary>Two processes in one place cannot harm each other: the second says who holds it.</summary>
public sealed class LockedPlacesTests
{
    [Fact]
    public void A_run_folder_is_written_by_one_process_and_a_killed_one_holds_it_no_longer()
    {
        using var folder = new TemporaryFolder();
        using var training = Tool.Start(
            folder.Path, "train", "--steps", "50000", "--batch", "8", "--threads", "1", "--out", "run");
        while (!File.Exists(folder.File("run/metrics.jsonl")) && !training.HasExited)
            Thread.Sleep(20);

        string[][] writers =
        [
            ["train", "--steps", "50000", "--batch", "8", "--threads", "1", "--out", "run", "--resume"],
            ["search", "--run", "run"],
            ["best", "--run", "run", "--macs", "1M"],
            ["export", "--run", "run"], ["quickstart", "--out", "run"],
        ];
        foreach (var writer in writers)
        {
            var second = Tool.Run(folder.Path, writer);
            Assert.True(second.ExitCode == 2, second.ToString());
            Assert.Contains(
                $"'run' is in use by process {training.Id} (hwnas train) on {Environment.MachineName} since 20",
                second.Error, StringComparison.Ordinal);
        }

        Assert.False(training.HasExited);
        Assert.DoesNotContain("in use", Tool.Run(folder.Path, "plot", "--run", "run").Error, StringComparison.Ordinal);

        training.Kill();
        training.WaitForExit();
        Assert.DoesNotContain("in use", Tool.Run(folder.Path, "search", "--run", "run").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_profile_is_measured_by_one_process_and_an_interrupted_measurement_continues_also_beside_a_finished_profile()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("space.json"), Core.Files.StrictJson.Serialize(Kits.SomeKit.Space.Definition));
        string[] Profile(int seconds) =>
            ["profile", "--space", "space.json", "--seconds", $"{seconds}", "--device", "box", "--out", "box.json"];
        Tool.RunWell(folder.Path, Profile(1));
        var (profile, samples) = (
            File.ReadAllBytes(folder.File("box.json")), File.ReadAllBytes(folder.File("box.samples.jsonl")));

        using var first = Tool.Start(folder.Path, Profile(600));
        Until(folder, first, bytes: 0);
        var second = Tool.Run(folder.Path, Profile(600));
        Assert.True(second.ExitCode == 2, second.ToString());
        Assert.Contains($"'box.json' is in use by process {first.Id} (hwnas profile)", second.Error, StringComparison.Ordinal);
        Until(folder, first, new FileInfo(folder.File("box.unfinished.jsonl")).Length);
        Tool.Interrupt(first);
        Assert.Contains(
            $"Continue with: hwnas {string.Join(' ', Profile(600))}", first.StandardError.ReadToEnd(), StringComparison.Ordinal);
        first.WaitForExit();
        Assert.Equal(130, first.ExitCode);
        var passes = File.ReadAllLines(folder.File("box.unfinished.jsonl"));
        Assert.True(passes.Length > 1);
        Assert.Equal(profile, File.ReadAllBytes(folder.File("box.json")));
        Assert.Equal(samples, File.ReadAllBytes(folder.File("box.samples.jsonl")));

        using (var third = Tool.Start(folder.Path, Profile(600)))
        {
            Until(folder, third, new FileInfo(folder.File("box.unfinished.jsonl")).Length);
            third.Kill();
            third.WaitForExit();
        }

        Assert.Equal(passes, File.ReadLines(folder.File("box.unfinished.jsonl")).Take(passes.Length));
        Tool.RunWell(folder.Path, Profile(1));
        Assert.False(File.Exists(folder.File("box.unfinished.jsonl")));
        Assert.NotEqual(samples, File.ReadAllBytes(folder.File("box.samples.jsonl")));
    }

    // Until the journal has more bytes than so many; who measures holds it, but its length is for all to see.
    private static void Until(TemporaryFolder folder, System.Diagnostics.Process measuring, long bytes)
    {
        var journal = new FileInfo(folder.File("box.unfinished.jsonl"));
        while (!measuring.HasExited && (!journal.Exists || journal.Length <= bytes))
        {
            Thread.Sleep(20);
            journal.Refresh();
        }
    }
}
