using HwNas.Native.Tests.Support;
using HwNas.Supernet.Training;

namespace HwNas.Native.Tests.EndToEnd;

/// <summary>What an interrupt prints is a command that works.</summary>
public sealed class InterruptedTests
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
            var command = error[(error.LastIndexOf(Says, StringComparison.Ordinal) + Says.Length)..].Trim();
            Assert.EndsWith(" --resume", command, StringComparison.Ordinal);

            var again = Tool.RunProgram("bash", folder.Path, "-c", $"dotnet '{Tool.Dll}' {command["hwnas ".Length..]}");
            Assert.True(again.ExitCode == 0, again.ToString());
        }

        Assert.True(SupernetCheckpoint.Read(folder.File("a run/supernet.safetensors")).IsComplete);
    }
}
