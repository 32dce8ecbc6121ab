using HwNas.Cli.Commands;
using HwNas.Native.Tests.Support;

namespace HwNas.Native.Tests.EndToEnd;

public sealed class KilledQuickstartTests
{
    private const string TrialNotice = "This machine trains at";

    [Fact]
    public void Killed_before_its_first_checkpoint_it_keeps_the_length_that_it_had_chosen()
    {
        using var folder = new TemporaryFolder();
        SomeData.WriteIdx(folder.File("bars"), training: 200);

        // A kill that came after the first checkpoint shows nothing: then all of it once more.
        for (var (attempt, isEarly) = (0, false); !isEarly; attempt++)
        {
            Assert.True(attempt < 10, "No kill came before the first checkpoint.");
            if (attempt > 0)
                Directory.Delete(folder.File("run"), recursive: true);

            // In next to no minutes it takes the fewest steps; in so many, on any machine, far more.
            Assert.Contains(TrialNotice, KilledAsItTrains(folder, minutes: "0.1"), StringComparison.Ordinal);
            var begun = File.ReadAllText(folder.File("run/training.json"));
            isEarly = !File.Exists(folder.File("run/supernet.safetensors"));
            Assert.DoesNotContain(TrialNotice, KilledAsItTrains(folder, minutes: "10000"), StringComparison.Ordinal);
            Assert.Equal(begun, File.ReadAllText(folder.File("run/training.json")));
            Assert.Equal(QuickstartLength.Fewest, TrainingRecord.Read(folder.File("run/training.json")).Options.Steps);
        }
    }

    // What it said until it opened its course, before its first step.
    private static string KilledAsItTrains(TemporaryFolder folder, string minutes)
    {
        var course = new FileInfo(folder.File("run/metrics.jsonl"));
        if (course.Exists)
            course.Delete();
        using var process = Tool.Start(
            folder.Path, "quickstart", "--data", "bars", "--out", "run", "--minutes", minutes, "--threads", "1");
        while (!process.HasExited && !course.Exists)
        {
            Thread.Sleep(5);
            course.Refresh();
        }

        var trains = !process.HasExited;
        process.Kill(entireProcessTree: true);
        var heard = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(trains, heard);
        return heard;
    }
}
