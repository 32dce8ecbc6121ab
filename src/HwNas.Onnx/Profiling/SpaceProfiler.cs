using System.Collections.Immutable;
using Google.Protobuf;
using HwNas.Core;
using HwNas.Core.Devices;
using HwNas.Core.Devices.Measurement;
using HwNas.Core.Networks;
using HwNas.Core.SearchSpaces;
using HwNas.Onnx.Export;
using HwNas.Onnx.Runtime;

namespace HwNas.Onnx.Profiling;

/// <summary>
/// Profiles this machine for a search space: one micro-model for each distinct layer, a model that does nothing, and
/// whole networks, all in one rotation. The stages read in order: fingerprint, models, rotation, assembly.
/// </summary>
public sealed class SpaceProfiler(SearchSpace space, ProfileOptions options, TimeProvider clock)
{
    // Layers that are held loaded at once take about 2 MB each.
    private const int MaxLayers = 2500;

    /// <summary>Measures.</summary>
    /// <param name="journalPath">Keeps every pass, so that an interrupted measurement continues; afterwards it holds the raw samples.</param>
    /// <param name="progress">Told after every pass.</param>
    /// <param name="cancellation">Stops between two passes; the journal holds what was measured.</param>
    /// <exception cref="InputException">The space has too many layers to be measured whole.</exception>
    public DeviceProfile Profile(string journalPath, IProgress<MeasurementProgress>? progress, CancellationToken cancellation)
    {
        options.Validate();
        var layers = LayerCatalog.DistinctLayers(space);
        if (layers.Count > MaxLayers)
            throw new InputException($"The space '{space.Name}' has {layers.Count} distinct layers; up to {MaxLayers} can be measured whole.");

        var settings = new SessionSettings { IntraOpThreads = options.Threads };
        var device = DeviceProbe.Describe(options.DeviceId);
        var runtime = settings.ToKey(ModelPrecision.Fp32);
        var reference = new SpaceReference(space.Name, space.Hash);
        var fingerprint = DeviceProfile.FingerprintOf(device, runtime, reference);
        var nets = DrawNets();
        var plan = new RotationPlan(
            [.. layers.Select(layer => layer.LatencyKey)],
            [.. nets.Select((net, i) => new RotationNet(net.Architecture.Id, [.. net.Layers.Select(layer => layer.LatencyKey)], Calibrates: i < options.CalibrationNets))]);

        var conditions = new ConditionsLog(clock);
        var sessions = new List<OnnxSession>();
        try
        {
            Load(sessions, layers, nets, settings, progress, cancellation);
            using var journal = MeasurementJournal.Open(
                journalPath, new JournalHeader(MeasurementJournal.Schema, fingerprint, ["null", .. plan.Layers, .. plan.Nets.Select(net => net.Architecture)]));
            var rotation = new Rotation(new OnnxLayerTimer(sessions, clock), plan.Models, options.Measurement, clock).Measure(journal, progress, cancellation);
            var assembly = ProfileAssembly.Of(plan, rotation, options.Threads);
            return new DeviceProfile
            {
                ToolVersion = ToolVersion.Text,
                Device = device,
                Runtime = runtime,
                RuntimeDetails = new RuntimeDetails(ImmutableSortedDictionary<string, string>.Empty, Spinning: false, Affinity: ""),
                Space = reference,
                Fingerprint = fingerprint,
                Conditions = conditions.Close(assembly.WallCpuRatio),
                Protocol = new MeasurementProtocol(
                    options.Measurement.Seed, rotation.WarmUpPasses, rotation.Passes, rotation.Models.Sum(model => model.Disturbed),
                    "monotonic and thread CPU time", 1e9 / clock.TimestampFrequency, assembly.Source, rotation.StopReason,
                    100 * StopRule.TypicalHalfWidth(rotation.Models), assembly.DriftPercent),
                Calibration = assembly.Calibration,
                Entries = assembly.Entries,
                Validation = assembly.Validation,
                Warnings = assembly.Warnings,
            };
        }
        finally
        {
            foreach (var session in sessions)
                session.Dispose();
        }
    }

    // The smallest and the largest network, then random ones; the held-out ones are all random.
    private List<NetworkPlan> DrawNets()
    {
        var random = new Random(options.Measurement.Seed);
        var genomes = new List<Genome> { space.Encode(space.Smallest), space.Encode(space.Largest) };
        var wanted = options.CalibrationNets + options.HeldOutNets;
        for (var attempt = 0; genomes.Count < wanted && attempt < 100 * wanted; attempt++)
        {
            var genome = space.Genomes.Sample(random);
            if (!genomes.Contains(genome))
                genomes.Add(genome);
        }

        return [.. genomes.Select(genome => NetworkPlan.Build(space, space.Decode(genome)))];
    }

    // In the rotation's order: the model that does nothing, the layers, the networks.
    private void Load(
        List<OnnxSession> sessions, IReadOnlyList<LayerSpec> layers, List<NetworkPlan> nets, SessionSettings settings,
        IProgress<MeasurementProgress>? progress, CancellationToken cancellation)
    {
        var weights = RandomWeights.Seeded(options.Measurement.Seed);
        var start = clock.GetTimestamp();
        sessions.Add(OnnxSession.Open(OnnxModelWriter.Null().ToByteArray(), "null model", settings));
        foreach (var layer in layers)
        {
            cancellation.ThrowIfCancellationRequested();
            sessions.Add(OnnxSession.Open(OnnxModelWriter.SingleLayer(layer, weights, settings.Batch).ToByteArray(), layer.LatencyKey, settings));
            progress?.Report(new MeasurementProgress("loading", sessions.Count, clock.GetElapsedTime(start), TimeSpan.Zero));
        }

        foreach (var net in nets)
            sessions.Add(OnnxSession.Open(OnnxModelWriter.Network(net, weights, settings.Batch).ToByteArray(), net.Architecture.Id, settings));
        foreach (var session in sessions)
            session.Input.Fill(0.5f);
    }
}
