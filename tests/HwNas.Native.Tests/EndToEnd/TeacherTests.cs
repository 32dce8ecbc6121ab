using HwNas.Core.Spaces;
using HwNas.Native.Tests.Support;
using HwNas.Supernet.Data;
using HwNas.Supernet.Torch;

namespace HwNas.Native.Tests.EndToEnd;

/// <summary>A fixed network teaches the largest subnet: another run's, or an ONNX model.</summary>
public sealed class TeacherTests
{
    private const string Subnet = "r20-c16-w16d1k3e2-w16d1k3e2-w32d1k3e2-w48d1k3e2-h64";

    private static readonly string[] Train =
    [
        "train", "--data", "bars", "--steps", "4", "--batch", "16", "--threads", "1",
    ];

    [Fact]
    public void A_run_and_a_model_teach_and_others_are_refused()
    {
        using var folder = new TemporaryFolder();
        SomeData.WriteIdx(folder.File("bars"));
        SomeData.WriteIdx(folder.File("more"), classes: 4);
        Tool.RunWell(folder.Path, [.. Train, "--standalone", Subnet, "--out", "first"]);
        Tool.RunWell(folder.Path, "search", "--run", "first", "--threads", "1");
        Tool.RunWell(folder.Path, "export", "--run", "first", "--out", "teacher.onnx");

        double Loss(string run, string? path)
        {
            var data = DataSets.Open(folder.File("bars"));
            var space = DataSpace.For("fashion-mnist", data);
            using var teacher = path is null
                ? null
                : Teacher.Open(folder.File(path), data, batchSize: 16, TorchDevice.Cpu, new RunContext());
            return new NasRun(folder.File(run), new SubnetSpace(space, space.Parse(Subnet))).Train(new TrainRequest(data)
            {
                Options = new()
                {
                    Steps = 4, BatchSize = 16, Threads = 1, Recipe = new() { TeacherShare = 1 },
                },
                Teacher = teacher,
            }).LargestLoss;
        }

        // The exported model is the run's own network.
        var (byRun, byModel, untaught) = (Loss("a", "first"), Loss("b", "teacher.onnx"), Loss("c", null));
        Assert.Equal(byRun, byModel, 1e-4);
        Assert.NotEqual(byRun, untaught, 1e-3);

        Tool.RunWell(
            folder.Path, [.. Train, "--standalone", Subnet, "--set", "teacher_share=1", "--teacher", "first", "--out", "d"]);
        var record = TrainingRecord.Read(folder.File("d/training.json"));
        Assert.Equal(TrainingRecord.Read(folder.File("first/training.json")).Outcome!.CheckpointHash, record.Teacher!.Hash);
        Assert.Equal(byRun, record.Outcome!.LargestLoss, 1e-5);

        Refused("but more has 1 and 4", "--data", "more", "--teacher", "first");
        Refused("squares of 1 channel and 4 classes are needed", "--data", "more", "--teacher", "teacher.onnx");
        Refused("does not exist", "--teacher", "nowhere.onnx");

        void Refused(string problem, params string[] options)
        {
            var words = Train.ToList();
            if (options[0] == "--data")
                words[2] = options[1];
            var others = options[0] == "--data" ? options[2..] : options;
            var result = Tool.Run(folder.Path, [.. words, .. others, "--out", "refused"]);
            Assert.True(result.ExitCode == 2, result.ToString());
            Assert.Contains(problem, result.Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
            Assert.False(Directory.Exists(folder.File("refused")));
        }
    }
}
