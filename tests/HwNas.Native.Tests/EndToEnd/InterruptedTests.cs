using HwNas.Native.Tests.Support;
using HwNas.Supernet.Training;

namespace HwNas.Native.Tests.EndToEnd;

/// <summary>What an interrupt prints is a command that works.</summary>
public sealed class InterruptedTests
{
    [Fact]
    public void The_command_that_an_interrupted_training_prints_continues_it()
    {
        using var folder = new TemporaryFolder();
        using (var training = Tool.Start(
            folder.Path, "train", "--out", "a run", "--steps", "60", "--batch", "8", "--checkpoint-steps", "1000"))
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
            PrintedCommand.Run(folder, early.Error);
            Assert.True(SupernetCheckpoint.Read(folder.File("a run/supernet.safetensors")).IsComplete);
            PrintedCommand.Run(folder, error);
        }
    }
}
