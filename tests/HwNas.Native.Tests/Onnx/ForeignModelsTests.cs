using HwNas.Core;
using HwNas.Core.Devices.Measurement;
using HwNas.Native.Tests.Agents;
using HwNas.Native.Tests.Kits;
using HwNas.Native.Tests.Support;
using HwNas.Onnx.Foreign;
using HwNas.Onnx.Profiling;
using HwNas.Onnx.Runtime;
using HwNas.Remote.Agents;

namespace HwNas.Native.Tests.Onnx;

/// <summary>Models that do not end or take all memory are ended; others are measured as ever.</summary>
public sealed class ForeignModelsTests : IDisposable
{
    private static readonly ForeignModels Models = new(["dotnet", Tool.Dll]);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_kit_is_measured_as_in_this_process()
    {
        var kit = SomeKit.Write(_folder);
        var stages = new List<string>();
        var record = Models.Measure(
            kit, kit, SomeKit.Bundle.Job.Runtime, "edge", _folder.File("samples"), new Reporter(stages), note: null,
            CancellationToken.None);
        Assert.Equal((8, "edge", SomeKit.Bundle.Job.Hash), (record.Passes.Length, record.Device.Id, record.Job.Hash));
        Assert.Equal(1 + 8, File.ReadLines(_folder.File("samples")).Count());
        Assert.Equal(["loading", "warm-up", "measuring"], stages.Distinct());
    }

    [Theory]
    [InlineData(true, "does not end within 2 s")]
    [InlineData(false, "needs more than 600 MiB of memory")]
    public void A_model_that_does_not_end_or_explodes_is_given_up(bool endless, string reason)
    {
        var path = Write(endless ? EndlessModel.Looping() : EndlessModel.Exploding());
        var models = new ForeignModels(["dotnet", Tool.Dll])
        {
            Limits = new ForeignLimits(TimeSpan.FromSeconds(endless ? 2 : 600), 600L << 20),
        };
        var measured = Assert.Throws<InputException>(() => models.Measure(Bundle(path), "box", null, CancellationToken.None));
        Assert.Contains($"'{path}' {reason}", measured.Message, StringComparison.Ordinal);
        using var model = models.Open(path, new RuntimeRequest(), CancellationToken.None);
        Assert.Equal((4, 4), (model.InputLength, model.OutputLength));
        var run = Assert.Throws<InputException>(() => model.Logits(new float[4]));
        Assert.Contains(reason, run.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interrupt_ends_a_model_that_does_not_end()
    {
        using var source = new CancellationTokenSource();
        var bundle = Bundle(Write(EndlessModel.Looping()));
        var running = Task.Run(() => Models.Measure(bundle, "box", new Canceller(source), source.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.WaitAsync(TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public async Task An_agent_outlives_a_model_that_does_not_end_and_stops_when_it_is_told()
    {
        using var agent = AgentProcess.Start(_folder.Path);
        var patience = new AgentPatience { Attempts = 1 };
        using var client = new AgentClient(agent.Address, AgentProcess.Token, patience, TimeProvider.System);
        using var source = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => client.MeasureAsync(Bundle(Write(EndlessModel.Looping())), fresh: false, new Canceller(source), source.Token));
        var info = await client.InfoAsync(CancellationToken.None);
        Assert.Contains("(loading, 2 passes)", info.BusyWith, StringComparison.Ordinal);
        Assert.Equal(0, agent.Interrupt().ExitCode);
    }

    private static JobBundle Bundle(string path) => JobWriter.ForModels([path], new ProfileOptions());

    private string Write(byte[] model)
    {
        File.WriteAllBytes(_folder.File("model.onnx"), model);
        return _folder.File("model.onnx");
    }

    private sealed class Reporter(List<string> stages) : IProgress<MeasurementProgress>
    {
        public void Report(MeasurementProgress value) => stages.Add(value.Stage);
    }

    // Cancels once all models are loaded: what follows is the model that does not end.
    private sealed class Canceller(CancellationTokenSource source) : IProgress<MeasurementProgress>
    {
        private int _isDone;

        public void Report(MeasurementProgress value)
        {
            if (value is { Stage: "loading", Passes: 2 } && Interlocked.Exchange(ref _isDone, 1) == 0)
                source.CancelAfter(TimeSpan.FromSeconds(1));
        }
    }
}
