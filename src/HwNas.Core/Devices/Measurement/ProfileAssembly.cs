using System.Collections.Immutable;

namespace HwNas.Core.Devices.Measurement;

/// <summary>Turns the samples of a rotation into entries, a calibration and its validation.</summary>
/// <param name="Source">The clock whose medians the figures are.</param>
/// <param name="WallCpuRatio">Elapsed over CPU time of all samples.</param>
/// <param name="Entries">The layers.</param>
/// <param name="Calibration">Overhead and scale.</param>
/// <param name="Validation">Whole networks against predictions.</param>
/// <param name="DriftPercent">Change of the networks' times from the first to the last third of the passes, in percent.</param>
/// <param name="Warnings">What the reader should know.</param>
public sealed record ProfileAssembly(
    TimeSource Source,
    double WallCpuRatio,
    ImmutableArray<LatencyEntry> Entries,
    Calibration Calibration,
    ProfileValidation Validation,
    double DriftPercent,
    ImmutableArray<string> Warnings)
{
    private const double NoisyHalfWidth = 0.03;
    private const double DriftWarningPercent = 5;

    /// <summary>The profile that a device's answer amounts to.</summary>
    /// <exception cref="InputException">The record profiles no search space, or its table has problems.</exception>
    public static DeviceProfile Profile(MeasurementRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        var space = record.Job.ReadSpace("the measurement");
        var reference = new SpaceReference(space.Name, space.Hash);
        var models = record.Samples();
        var assembly = Of(record.Job.Plan, models, record.Runtime.IntraOpThreads);
        return new DeviceProfile
        {
            ToolVersion = record.ToolVersion,
            Device = record.Device,
            Runtime = record.Runtime,
            RuntimeDetails = record.RuntimeDetails,
            Space = reference,
            Fingerprint = DeviceProfile.FingerprintOf(record.Device, record.Runtime, reference),
            Conditions = record.Conditions with { WallCpuRatio = assembly.WallCpuRatio },
            Protocol = new MeasurementProtocol(
                record.Job.Settings.Seed, record.WarmUpPasses, record.Passes.Length, models.Sum(model => model.Disturbed),
                record.Clock, record.ClockResolutionNs, assembly.Source, record.StopReason,
                100 * StopRule.TypicalHalfWidth(models), assembly.DriftPercent),
            Calibration = assembly.Calibration,
            Entries = assembly.Entries,
            Validation = assembly.Validation,
            Warnings = assembly.Warnings,
        };
    }

    /// <summary>Summarises, calibrates and validates.</summary>
    /// <param name="plan">What was measured.</param>
    /// <param name="models">The samples, in the plan's order.</param>
    /// <param name="threads">Threads that share the work of one node.</param>
    public static ProfileAssembly Of(RotationPlan plan, IReadOnlyList<ModelSamples> models, int threads)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(models);
        var ratio = TimeSources.WallCpuRatio(models);
        var source = TimeSources.Choose(ratio, threads);
        var overheadUs = TimeSummary.Median(models[0].Values(source));
        var entries = plan.Layers.Select((layer, i) => Entry(layer, models[1 + i], source, overheadUs)).ToImmutableArray();
        var layersUs = entries.ToDictionary(entry => entry.Layer, entry => Math.Max(0, entry.MedianUs - overheadUs));
        var nets = plan.Nets.Select((net, i) => (
            Net: net,
            Time: NetTime.Of(net.Architecture, net.Layers, models[1 + plan.Layers.Length + i], source),
            LayersUs: net.Layers.Sum(layer => layersUs[layer]))).ToList();

        var calibrating = nets.Where(n => n.Net.Calibrates).ToList();
        var pairs = calibrating.Select(n => (n.LayersUs, n.Time.MeasuredUs)).ToList();
        var calibration = Calibration.Fit(overheadUs, pairs);
        var leftOut = new Queue<double>(Calibration.LeaveOneOut(overheadUs, pairs));
        var validated = nets.Select(n => new ValidatedNet(
            n.Net.Architecture, n.Net.Calibrates, n.Net.Calibrates ? leftOut.Dequeue() : calibration.PredictUs(n.LayersUs),
            n.Time.MeasuredUs, n.Time.SplitHalfPercent)).ToImmutableArray();
        var drift = Drift(models, plan, source);
        return new ProfileAssembly(source, ratio, entries, calibration, Validate(validated), drift, Warn(entries, ratio, source, drift));
    }

    private static LatencyEntry Entry(string layer, ModelSamples samples, TimeSource source, double overheadUs)
    {
        var summary = TimeSummary.Of(samples.Values(source));
        var flags = ImmutableArray.CreateBuilder<EntryMark>();
        if (summary.RelativeHalfWidth > NoisyHalfWidth)
            flags.Add(EntryMark.Noisy);
        if (summary.MedianUs <= overheadUs)
            flags.Add(EntryMark.BelowOverhead);
        return new LatencyEntry(
            layer, summary.Samples, summary.MedianUs, summary.MeanUs, summary.P90Us, summary.CiLowUs, summary.CiHighUs,
            TimeSummary.Median(samples.CpuUs), flags.ToImmutable());
    }

    private static ProfileValidation Validate(ImmutableArray<ValidatedNet> nets)
    {
        var leaveOneOut = nets.Where(n => n.Calibrates).Select(n => (n.PredictedUs, n.MeasuredUs)).ToList();
        var heldOut = nets.Where(n => !n.Calibrates).Select(n => (n.PredictedUs, n.MeasuredUs)).ToList();

        // The interval of one more network: Student's t on the relative errors of networks that were not fitted.
        var errors = leaveOneOut.Concat(heldOut).Select(n => 100 * ((n.PredictedUs / n.MeasuredUs) - 1)).ToArray();
        var rms = Math.Sqrt(errors.Sum(e => e * e) / errors.Length);
        var quantile = MathNet.Numerics.Distributions.StudentT.InvCDF(0, 1, Math.Max(1, errors.Length - 1), 0.975);
        return new ProfileValidation(
            TimeSummary.Median(nets.Select(n => n.SplitHalfPercent)),
            rms * quantile * Math.Sqrt(1 + (1.0 / errors.Length)),
            PredictionErrors.Of(leaveOneOut),
            heldOut.Count > 0 ? PredictionErrors.Of(heldOut) : null,
            nets);
    }

    private static double Drift(IReadOnlyList<ModelSamples> models, RotationPlan plan, TimeSource source)
    {
        var changes = models.Skip(1 + plan.Layers.Length).Select(samples =>
        {
            var values = samples.Values(source);
            var third = Math.Max(1, values.Count / 3);
            return 100 * ((TimeSummary.Median(values.TakeLast(third)) / TimeSummary.Median(values.Take(third))) - 1);
        });
        return TimeSummary.Median(changes);
    }

    private static ImmutableArray<string> Warn(ImmutableArray<LatencyEntry> entries, double ratio, TimeSource source, double drift)
    {
        var warnings = new List<string>();
        var noisy = entries.Count(entry => entry.Flags.Contains(EntryMark.Noisy));
        if (noisy > entries.Length / 10)
            warnings.Add($"{noisy} of {entries.Length} layers have a confidence interval wider than ±3 %: measure longer, or on a quieter machine.");
        if (source == TimeSource.Cpu)
            warnings.Add($"Other work took the processor ({ratio:F2} times more elapsed than CPU time): the figures are CPU time, the latency on a quiet device.");
        if (source == TimeSource.Wall && ratio > 1.5)
            warnings.Add($"Other work may have taken the processor (elapsed over CPU time {ratio:F2}).");
        if (Math.Abs(drift) > DriftWarningPercent)
            warnings.Add($"Whole networks drifted by {drift:+0.0;-0.0} % while measuring: the device changed its speed.");
        return [.. warnings];
    }
}
