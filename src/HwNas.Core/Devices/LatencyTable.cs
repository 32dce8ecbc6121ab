using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using HwNas.Core.Devices.Measurement;
using HwNas.Core.Graphs;
using HwNas.Core.Spaces;

namespace HwNas.Core.Devices;

/// <summary>
/// Predicts the latency of networks from a profile: overhead + Σ over layers of what each contributes. Medians add up
/// well enough when all layers were measured in one rotation; percentiles never do, and are not added.
/// </summary>
public sealed class LatencyTable : ILatencyModel
{
    private const double LeastUs = 1e-3;
    private const double DefaultConfidence = 0.95;

    private readonly DeviceProfile _profile;
    private readonly FrozenDictionary<(string Layer, int? Resolution), double> _layersUs;

    // A search asks for one confidence again and again, and a quantile costs more than the rest of a prediction.
    private readonly ConcurrentDictionary<double, double> _reaches = [];

    private LatencyTable(DeviceProfile profile)
    {
        _profile = profile;
        _layersUs = profile.Entries.ToFrozenDictionary(
            entry => (entry.Layer, entry.Resolution),
            entry => profile.Calibration.ContributionUs(Math.Max(0, entry.MedianUs - profile.Calibration.OverheadUs)));
    }

    /// <summary>
    /// Whether the profile knows how far to trust its predictions; without, the intervals of estimates are points.
    /// </summary>
    public bool HasIntervals => _profile.Validation.IntervalPercent is not null;

    /// <inheritdoc/>
    public string Device => _profile.Device.Id;

    /// <summary>The table of a profile, for a space that it covers.</summary>
    /// <exception cref="InputException">The profile is of another space, or lacks layers of it;
    /// the message says which.</exception>
    public static LatencyTable For(DeviceProfile profile, ISearchSpace space)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(space);
        var missing = MissingLayers(profile, space);
        if (missing.Count > 0)
        {
            throw new InputException(
                $"The profile of '{profile.Device.Id}' was measured for the space "
                + $"{SearchSpace.Title(profile.Space.Name, profile.Space.Hash)} and lacks {Plural.Of(missing.Count, "layer")} of "
                + $"{SearchSpace.Title(space.Name, space.Hash)}, such as {string.Join(", ", missing.Take(3))}. "
                + $"Measure it with: hwnas profile --space {space.Name} (for a space that is not built in, its file, "
                + "such as space.json of the run).");
        }

        return new LatencyTable(profile);
    }

    /// <summary>The latency keys of a space that a profile does not cover.</summary>
    public static IReadOnlyList<string> MissingLayers(DeviceProfile profile, ISearchSpace space)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(space);
        var known = profile.Entries.Select(entry => (entry.Layer, entry.Resolution)).ToHashSet();
        var missing =
            from resolution in space.Resolutions
            from layer in space.BlocksAt(resolution)
            where !known.Contains((layer.LatencyKey, null)) && !known.Contains((layer.LatencyKey, resolution))
            select layer.LatencyKey;
        return [.. missing.Distinct()];
    }

    /// <summary>The resolutions of a space whose networks a profile covers, ascending.</summary>
    public static ImmutableArray<int> CoveredResolutions(DeviceProfile profile, ISearchSpace space)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(space);
        var known = profile.Entries.Select(entry => (entry.Layer, entry.Resolution)).ToHashSet();
        return [.. space.Resolutions.Where(resolution => space.BlocksAt(resolution)
            .All(layer => known.Contains((layer.LatencyKey, null)) || known.Contains((layer.LatencyKey, resolution))))];
    }

    /// <summary>
    /// What a layer contributes to the time of a network, in microseconds; it may be slightly negative where a layer is free.
    /// </summary>
    /// <param name="layer">The layer.</param>
    /// <param name="resolution">Side of the network's images.</param>
    /// <exception cref="InputException">The profile has no such layer.</exception>
    public double LayerUs(Block layer, int resolution)
    {
        ArgumentNullException.ThrowIfNull(layer);
        return _layersUs.TryGetValue((layer.LatencyKey, null), out var us)
            || _layersUs.TryGetValue((layer.LatencyKey, resolution), out us)
            ? us
            : throw new InputException(
                $"The profile of '{Device}' lacks the layer '{layer.LatencyKey}'. "
                + "'hwnas profile check' lists all that it lacks.");
    }

    /// <summary>The prediction for a network whose layers contribute <paramref name="layersUs"/>, with its interval.</summary>
    /// <param name="layersUs">Sum of <see cref="LayerUs"/>.</param>
    /// <param name="confidence">Probability with which the interval holds the measured time, between 0 and 1.</param>
    public LatencyEstimate FromLayersUs(double layersUs, double confidence = DefaultConfidence)
    {
        var median = Math.Max(LeastUs, _profile.Calibration.OverheadUs + layersUs);
        var reach = _reaches.GetOrAdd(
            confidence,
            c => (_profile.Validation.IntervalPercent ?? 0) / 100 * PredictionInterval.Widening(
                c, _profile.Validation.Nets.Length));
        return new LatencyEstimate(median, median * Math.Max(0.01, 1 - reach), median * (1 + reach));
    }

    /// <inheritdoc/>
    public LatencyEstimate Estimate(NetworkPlan plan) => Estimate(plan, confidence: null);

    /// <summary>Predicts a whole network.</summary>
    /// <param name="plan">The network.</param>
    /// <param name="confidence">Probability with which the interval holds the measured time; null for 0.95.</param>
    /// <exception cref="InputException">The profile does not cover a layer of the network; the message names it.</exception>
    public LatencyEstimate Estimate(NetworkPlan plan, double? confidence)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return FromLayersUs(plan.Blocks.Sum(layer => LayerUs(layer, plan.Input.Height)), confidence ?? DefaultConfidence);
    }
}
