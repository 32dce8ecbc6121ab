using System.Collections.Immutable;
using HwNas.Core.Devices;
using HwNas.Core.Devices.Measurement;
using HwNas.Core.Files;
using HwNas.Core.Graphs;
using HwNas.Core.Spaces;
using HwNas.Core.Spaces.MbConv;

namespace HwNas.Tests.Devices;

/// <summary>
/// What a device with known times answers: layers cost what their work says, and networks a known function of their layers.
/// </summary>
internal sealed record SyntheticRecord(MbConvSpace Space)
{
    public const double OverheadUs = 4;

    public double Scale { get; init; } = 1.25;

    public double StepUs { get; init; }

    /// <summary>Networks; the first two thirds calibrate.</summary>
    public int Nets { get; init; } = 12;

    /// <summary>Seconds of passes.</summary>
    public double Seconds { get; init; } = 2;

    /// <summary>Which layers are measured; all unless told otherwise.</summary>
    public Func<Block, bool> Measures { get; init; } = _ => true;

    /// <summary>Time of a layer alone, without the overhead.</summary>
    public Func<Block, double> LayerUs { get; init; } = layer => 20 + (layer.Macs / 1e3);

    /// <summary>Elapsed time of a run of a model that costs so many microseconds, at a moment.</summary>
    public Func<double, TimeSpan, double> Wall { get; init; } = (cost, _) => cost;

    public MeasurementRecord Measure()
    {
        var layers = Space.DistinctBlocks().Where(Measures).ToList();
        var random = new Random(3);
        var nets = Enumerable.Range(0, 100 * Nets)
            .Select(_ => Space.Decode(Space.Genomes.Sample(random))).DistinctBy(architecture => architecture.Id).Take(Nets)
            .Select(architecture => Space.PlanOf(architecture)).ToList();
        double[] costs =
        [
            OverheadUs, .. layers.Select(layer => OverheadUs + LayerUs(layer)),
            .. nets.Select(net => OverheadUs + net.Blocks.Sum(layer => (Scale * LayerUs(layer)) + StepUs)),
        ];
        var plan = new RotationPlan(
            [.. layers.Select(layer => layer.LatencyKey)],
            [.. nets.Select(
                (net, i) => new RotationNet(net.Id, [.. net.Blocks.Select(layer => layer.LatencyKey)], i < 2 * Nets / 3))]);
        var job = new MeasurementJob
        {
            ToolVersion = "0.1.0",
            Space = StrictJson.ParseObject(StrictJson.Serialize(Space.Definition), "test"),
            Runtime = new RuntimeRequest(),
            Settings = new MeasurementSettings { MinSeconds = Seconds / 2, MaxSeconds = Seconds, MinSampleUs = 0, LeadUs = 0 },
            Plan = plan,
            Models = [.. plan.ModelNames.Select(name => new JobModel(name, ContentHash.OfText(name), 100))],
        }.Sealed();
        var device = new SyntheticDevice(costs) { Wall = Wall };
        var rotation = new Rotation(device, costs.Length, job.Settings, device).Measure(null, null, CancellationToken.None);
        var profile = SomeProfile.Of(Space);
        return new MeasurementRecord
        {
            ToolVersion = "0.1.0",
            Job = job,
            Device = profile.Device,
            Runtime = profile.Runtime,
            RuntimeDetails = new RuntimeDetails(ImmutableSortedDictionary<string, string>.Empty, Spinning: false, Affinity: ""),
            Conditions = profile.Conditions,
            Clock = "synthetic",
            ClockResolutionNs = 1,
            WarmUpPasses = rotation.WarmUpPasses,
            StopReason = rotation.StopReason,
            Passes = [.. rotation.Passes],
        };
    }
}
