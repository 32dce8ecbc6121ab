using HwNas.Native.Tests.Support;
using HwNas.Supernet.Training;

namespace HwNas.Native.Tests.EndToEnd;

/// <summary>What an interrupt prints is a command that works.</summary>
[Collection(ShortQuickstart.Collection)]
public sealed class InterruptedTests(ShortQuickstart quickstart)
{
    private const string Says = "Continue with: ";

    [Fact]
    public void The_command_that_an_interrupted_training_prints_continues_it()
    {
        using var folder = new TemporaryFolder();
        using (var training = Tool.Start(
            folder.Path, "train", "--out", "a run", "--steps", "30", "--batch", "32", "--checkpoint-steps", "1000"))
        {
            while (!training.HasExited && !File.Exists(folder.File("a run/metrics.jsonl")))
                Thread.Sleep(5);
            Tool.Interrupt(training);
            var error = training.StandardError.ReadToEnd();
            training.WaitForExit();
            Assert.Equal(130, training.ExitCode);
            // Whoever goes on too early is told a command as well, and what it leaves out is as the run has it.
            var early = Tool.Run(folder.Path, "search", "--run", "a run");
            Assert.True(early.ExitCode == 2, early.ToString());
            RunAsPrinted(folder, early.Error);
            Assert.True(SupernetCheckpoint.Read(folder.File("a run/supernet.safetensors")).IsComplete);
            RunAsPrinted(folder, error);
        }
    }

    [Fact]
    public void The_command_that_an_interrupted_search_prints_names_the_run_that_was_taken()
    {
        using var folder = quickstart.Copy("runs/quickstart");
        using var search = Tool.Start(folder.Path, "search", "--macs", "2M", "--evaluations", "8");
        while (!search.HasExited && !File.Exists(folder.File("runs/quickstart/searches/macs-2M/search.journal")))
            Thread.Sleep(5);
        Tool.Interrupt(search);
        var error = search.StandardError.ReadToEnd();
        search.WaitForExit();
        Assert.Equal(130, search.ExitCode);

        // Another run is the newest by now.
        Directory.CreateDirectory(folder.File("runs/newer"));
        File.WriteAllText(folder.File("runs/newer/training.json"), "");
        RunAsPrinted(folder, error);
        Assert.True(File.Exists(folder.File("runs/quickstart/searches/macs-2M/front.json")));
    }

    private static void RunAsPrinted(TemporaryFolder folder, string error)
    {
        var command = error[(error.LastIndexOf(Says, StringComparison.Ordinal) + Says.Length)..].Trim();
        Assert.EndsWith(" --resume", command, StringComparison.Ordinal);
        var again = Tool.RunProgram("bash", folder.Path, "-c", $"dotnet '{Tool.Dll}' {command["hwnas ".Length..]}");
        Assert.True(again.ExitCode == 0, $"{command}: {again}");
    }
}
