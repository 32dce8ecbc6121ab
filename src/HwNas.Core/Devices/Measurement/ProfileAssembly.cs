using System.Collections.Immutable;
using HwNas.Core.Devices.Coverage;
using HwNas.Core.Graphs;
using HwNas.Core.Spaces;

namespace HwNas.Core.Devices.Measurement;

/// <summary>Turns the samples of rotations into entries, a calibration and its validation.</summary>
public static class ProfileAssembly
{
    /// <summary>
    /// The profile that a device's answers amount to. Layers that none of them measured are predicted from the others;
    /// without any measured layer, the networks alone are explained (<see cref="EndToEndFit"/>).
    /// </summary>
    /// <param name="records">One or more measurements of the same space by the same device and runtime; the first
    /// says how fast the device is.</param>
    /// <exception cref="InputException">The records profile no search space, or do not belong together, or too few
    /// layers were measured.</exception>
    public static DeviceProfile Profile(params IReadOnlyList<MeasurementRecord> records)
    {
        ArgumentNullException.ThrowIfNull(records);
        ArgumentOutOfRangeException.ThrowIfZero(records.Count, nameof(records));
        var first = records[0];
        var space = first.Job.ReadSpace("the measurement");
        CheckSameMeasurement(records, space.Hash);
        var layers = space.DistinctBlocks();
        var keys = layers.Select(layer => layer.LatencyKey).ToHashSet();
        if (records.SelectMany(record => record.Job.Plan.Nets.SelectMany(net => net.Layers).Concat(record.Job.Plan.Layers))
            .FirstOrDefault(key => !keys.Contains(key)) is { } foreign)
        {
            throw new InputException($"The measurement has a layer '{foreign}' that the space '{space.Name}' does not have.");
        }

        var samples = records.Select(record => record.Samples()).ToList();
        var models = samples.SelectMany(record => record).ToList();
        var ratio = TimeSources.WallCpuRatio(models);
        var source = TimeSources.Choose(ratio, first.Runtime.IntraOpThreads);
        var level = records.Select(record => record.LevelSamples()).ToList();
        var tables = records.Zip(level, (record, of) => MeasuredTable.Of(record.Job.Plan, of, source)).ToList();
        var table = tables.Skip(1).Aggregate(tables[0], (sum, next) => sum.With(next));
        var (entries, calibration, validation) = Complete(first.Job.Plan, table, layers);
        var drift = MeasurementWarnings.DriftOf(samples[0].TakeLast(first.Job.Plan.Nets.Length), source);
        var precision = 100 * StopRule.TypicalHalfWidth([.. level.SelectMany(record => record)], source);
        var reference = new SpaceReference(space.Name, space.Hash);
        return new DeviceProfile
        {
            ToolVersion = first.ToolVersion,
            Device = first.Device,
            Runtime = first.Runtime,
            RuntimeDetails = first.RuntimeDetails,
            Space = reference,
            Fingerprint = DeviceProfile.FingerprintOf(first.Device, first.Runtime, reference),
            Conditions = first.Conditions with { WallCpuRatio = ratio, EndUtc = records[^1].Conditions.EndUtc },
            Protocol = new MeasurementProtocol(
                first.Job.Settings.Seed, first.WarmUpPasses, first.Passes.Length, models.Sum(model => model.Disturbed),
                first.Clock, first.ClockResolutionNs, source, first.StopReason, precision, drift),
            Calibration = calibration,
            Entries = entries,
            Validation = validation,
            Warnings =
            [
                .. Cut(records, precision),
                .. MeasurementWarnings.Of(ratio, source, drift, records.Any(record => record.Conditions.Throttled == true)),
                .. Warnings(entries, validation),
            ],
        };
    }

    private static (ImmutableArray<LatencyEntry> Entries, Calibration Calibration, ProfileValidation Validation) Complete(
        RotationPlan plan, MeasuredTable table, IReadOnlyList<Block> layers)
    {
        if (table.Entries.IsEmpty)
        {
            ImmutableArray<LatencyEntry> Fit(IReadOnlyList<NetTime> nets) => EndToEndFit.Fit(layers, table.OverheadUs, nets);
            return (
                Fit(table.Nets),
                new Calibration(table.OverheadUs, Scale: 1, StepUs: 0),
                NetValidation.OfEndToEnd(table.OverheadUs, table.Nets, Fit));
        }

        var entries = PredictedEntries.Complete(layers, table.Entries, table.OverheadUs);
        var (calibration, validation) = NetValidation.Of(plan, table.OverheadUs, table.Nets, entries);
        return (entries, calibration, validation);
    }

    private static void CheckSameMeasurement(IReadOnlyList<MeasurementRecord> records, string spaceHash)
    {
        var first = records[0];
        foreach (var record in records.Skip(1))
        {
            if (record.Device.Id != first.Device.Id
                || record.Device.CpuModel != first.Device.CpuModel
                || record.Runtime != first.Runtime
                || record.Job.ReadSpace("the measurement").Hash != spaceHash
                || !record.Job.Plan.Nets.Select(net => net.Architecture)
                    .SequenceEqual(first.Job.Plan.Nets.Select(net => net.Architecture)))
            {
                throw new InputException(
                    $"The measurements of '{first.Device.Id}' ({first.Runtime}) and '{record.Device.Id}' ({record.Runtime}) "
                    + "cannot be mixed: device, runtime, space and networks must be the same.");
            }
        }
    }

    private static IEnumerable<string> Cut(IReadOnlyList<MeasurementRecord> records, double precisionPercent)
    {
        if (records.Any(record => record.StopReason == StopReason.TimeIsUp
            && record.Passes.Length < record.Job.Settings.MinPasses))
        {
            yield return $"Time was up after {records.Min(record => record.Passes.Length)} passes: "
                + $"the medians are known to ±{precisionPercent:F1} % (typically). Measure longer.";
        }
    }

    private static IEnumerable<string> Warnings(ImmutableArray<LatencyEntry> entries, ProfileValidation validation)
    {
        var noisy = entries.Count(entry => entry.Flags.Contains(EntryMark.Noisy));
        if (noisy > entries.Length / 10)
        {
            yield return $"{noisy} of {Plural.Of(entries.Length, "layer")} {(noisy == 1 ? "has" : "have")} a confidence "
                + "interval wider than ±3 %: measure longer, or on a quieter machine.";
        }

        if ((validation.HeldOut ?? validation.LeaveOneOut) is { } errors
            && errors.MedianErrorPercent < validation.NoiseFloorPercent)
        {
            yield return $"The median error of {errors.MedianErrorPercent:F2} % is below the noise floor of "
                + $"{validation.NoiseFloorPercent:F2} %: it cannot be told from noise.";
        }
    }
}
