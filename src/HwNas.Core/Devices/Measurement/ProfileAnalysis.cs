using System.Collections.Immutable;

namespace HwNas.Core.Devices.Measurement;

/// <summary>The measured models by role, in the order of the rotation: first the null model, then the layers, then the networks.</summary>
/// <param name="LayerKeys">Latency keys of the layers.</param>
/// <param name="Networks">The networks: architecture, keys of its layers, whether the scale is fitted on it.</param>
public sealed record MeasuredModels(
    ImmutableArray<string> LayerKeys, ImmutableArray<(string Architecture, ImmutableArray<string> Layers, bool Calibrates)> Networks)
{
    /// <summary>Number of models in the rotation.</summary>
    public int Count => 1 + LayerKeys.Length + Networks.Length;
}

/// <summary>What the samples of a rotation say: entries, calibration, validation, warnings.</summary>
public sealed record ProfileAnalysis
{
    private const double NoisyHalfWidth = 0.03;
    private const double DriftWarningPercent = 5;
    private const double BusyWarningRatio = 1.5;

    /// <summary>The clock whose medians the figures are.</summary>
    public required TimeSource Source { get; init; }

    /// <summary>Elapsed over CPU time.</summary>
    public required double WallCpuRatio { get; init; }

    /// <summary>Median over the models of half the width of their confidence intervals, in percent.</summary>
    public required double PrecisionPercent { get; init; }

    /// <summary>Change of the networks' times from the first to the last third of the passes, in percent.</summary>
    public required double DriftPercent { get; init; }

    /// <summary>The layers.</summary>
    public required ImmutableArray<LatencyEntry> Entries { get; init; }

    /// <summary>From layers to networks.</summary>
    public required Calibration Calibration { get; init; }

    /// <summary>Networks against their predictions.</summary>
    public required ProfileValidation Validation { get; init; }

    /// <summary>What the reader should know.</summary>
    public required ImmutableArray<string> Warnings { get; init; }

    /// <summary>Analyses the samples of a rotation.</summary>
    /// <exception cref="InputException">A model has no undisturbed sample or an impossible time, or too few networks calibrate.</exception>
    public static ProfileAnalysis Of(MeasuredModels models, RotationResult rotation, int threads)
    {
        ArgumentNullException.ThrowIfNull(models);
        ArgumentNullException.ThrowIfNull(rotation);
        ArgumentOutOfRangeException.ThrowIfNotEqual(rotation.Models.Count, models.Count);
        if (models.Networks.Count(net => net.Calibrates) < 3)
            throw new ArgumentException("At least three networks must calibrate.", nameof(models));
        foreach (var samples in rotation.Models)
            RequirePlausible(samples);

        var ratio = TimeSources.WallCpuRatio(rotation.Models);
        var source = TimeSources.Choose(ratio, threads);
        var overheadUs = TimeSummary.Median(rotation.Models[0].Values(source));
        ImmutableArray<LatencyEntry> entries = [.. models.LayerKeys.Select((key, i) => Entry(key, rotation.Models[1 + i], source, overheadUs))];
        var netSamples = rotation.Models.Skip(1 + models.LayerKeys.Length).ToList();
        var nets = models.Networks.Select((net, i) => NetTime.Of(net.Architecture, net.Layers, netSamples[i], source)).ToList();
        var (calibration, validation) = Validate(overheadUs, entries, nets, [.. models.Networks.Select(net => net.Calibrates)]);
        var drift = DriftPercentOf(netSamples, source);
        return new ProfileAnalysis
        {
            Source = source,
            WallCpuRatio = ratio,
            PrecisionPercent = 100 * TimeSummary.Median(rotation.Models.Select(m => TimeSummary.Of(m.Values(source)).RelativeHalfWidth)),
            DriftPercent = drift,
            Entries = entries,
            Calibration = calibration,
            Validation = validation,
            Warnings = [.. Warn(ratio, drift, entries, validation)],
        };
    }

    /// <summary>Change of the models' typical time from the first to the last third of the samples, in percent.</summary>
    public static double DriftPercentOf(IReadOnlyList<ModelSamples> models, TimeSource source) => 100 * (TimeSummary.Median(models.Select(model =>
    {
        var values = model.Values(source);
        var third = Math.Max(1, values.Count / 3);
        return TimeSummary.Median(values.TakeLast(third)) / TimeSummary.Median(values.Take(third));
    })) - 1);

    private static void RequirePlausible(ModelSamples samples)
    {
        if (samples.Count == 0)
            throw new InputException("A model has no undisturbed sample. Close other programs and measure again.");
        if (samples.WallUs.Any(us => us is not (>= 0 and < 1e8)) || samples.CpuUs.Any(us => us is not (>= 0 and < 1e8)))
            throw new InputException("A sample is no possible time: the clock of the device cannot be trusted. Measure again.");
    }

    private static LatencyEntry Entry(string key, ModelSamples samples, TimeSource source, double overheadUs)
    {
        var time = TimeSummary.Of(samples.Values(source));
        var notes = ImmutableArray.CreateBuilder<EntryNote>();
        if (time.RelativeHalfWidth > NoisyHalfWidth)
            notes.Add(EntryNote.Noisy);
        if (time.MedianUs < overheadUs)
            notes.Add(EntryNote.BelowOverhead);
        return new LatencyEntry(
            key, time.Samples, time.MedianUs, time.MeanUs, time.P90Us, time.CiLowUs, time.CiHighUs, TimeSummary.Median(samples.CpuUs), notes.ToImmutable());
    }

    private static (Calibration Calibration, ProfileValidation Validation) Validate(
        double overheadUs, ImmutableArray<LatencyEntry> entries, List<NetTime> nets, bool[] calibrates)
    {
        var layerUs = entries.ToDictionary(entry => entry.Layer, entry => Math.Max(0, entry.MedianUs - overheadUs));
        var pairs = nets.Select(net => (LayersUs: net.Layers.Sum(key => layerUs[key]), net.MeasuredUs)).ToList();
        var calibrating = pairs.Where((_, i) => calibrates[i]).ToList();
        var calibration = Calibration.Fit(overheadUs, calibrating);
        var leftOut = new Queue<double>(Calibration.LeaveOneOut(overheadUs, calibrating));
        ImmutableArray<ValidatedNet> validated =
        [
            .. nets.Select((net, i) => new ValidatedNet(
                net.Architecture,
                calibrates[i],
                calibrates[i] ? leftOut.Dequeue() : calibration.PredictUs(pairs[i].LayersUs),
                net.MeasuredUs,
                net.SplitHalfPercent)),
        ];
        var leaveOneOut = PredictionErrors.Of(Pairs(true));
        var heldOut = Pairs(false);
        return (calibration, new ProfileValidation(
            TimeSummary.Median(nets.Select(net => net.SplitHalfPercent)),
            PredictionInterval.HalfWidthPercent(validated.Select(net => (net.PredictedUs, net.MeasuredUs))),
            leaveOneOut,
            heldOut.Count == 0 ? null : PredictionErrors.Of(heldOut),
            validated));

        List<(double, double)> Pairs(bool which) => [.. validated.Where(net => net.Calibrates == which).Select(net => (net.PredictedUs, net.MeasuredUs))];
    }

    private static IEnumerable<string> Warn(double ratio, double drift, ImmutableArray<LatencyEntry> entries, ProfileValidation validation)
    {
        if (ratio > BusyWarningRatio)
            yield return $"Other work took {100 * (1 - (1 / ratio)):F0} % of the time of this core: figures are CPU times, and less certain. Measure again on an idle machine.";
        if (Math.Abs(drift) > DriftWarningPercent)
            yield return $"The networks' times changed by {drift:F1} % while measuring (heat, clock frequency or other load).";
        if (entries.Count(entry => entry.Flags.Contains(EntryNote.Noisy)) is var noisy && noisy > entries.Length / 10)
            yield return $"{noisy} of {entries.Length} layers have confidence intervals wider than ±3 %.";
        if (validation.LeaveOneOut.MedianErrorPercent < validation.NoiseFloorPercent)
            yield return $"The errors are below the noise floor ({validation.NoiseFloorPercent:F1} %): they show no more than that the prediction is not worse than the noise.";
    }
}
