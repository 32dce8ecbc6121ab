using System.Collections.Concurrent;
using System.Collections.Frozen;
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

    private readonly DeviceProfile _profile;
    private readonly FrozenDictionary<string, double> _layersUs;

    // A search asks for one confidence again and again, and a quantile costs more than the rest of a prediction.
    private readonly ConcurrentDictionary<double, double> _reaches = [];

    private LatencyTable(DeviceProfile profile)
    {
        _profile = profile;
        _layersUs = profile.Entries.ToFrozenDictionary(
            entry => entry.Layer,
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
        var known = profile.Entries.Select(entry => entry.Layer).ToHashSet();
        return [.. space.DistinctBlocks().Select(layer => layer.LatencyKey).Where(key => !known.Contains(key))];
    }

    /// <summary>
    /// What a layer contributes to the time of a network, in microseconds; it may be slightly negative where a layer is free.
    /// </summary>
    /// <exception cref="InputException">The profile has no such layer.</exception>
    public double LayerUs(Block layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        return _layersUs.TryGetValue(layer.LatencyKey, out var us)
            ? us
            : throw new InputException(
                $"The profile of '{Device}' lacks the layer '{layer.LatencyKey}'. "
                + "'hwnas profile check' lists all that it lacks.");
    }

    /// <summary>The prediction for a network whose layers contribute <paramref name="layersUs"/>, with its interval.</summary>
    /// <param name="layersUs">Sum of <see cref="LayerUs"/>.</param>
    /// <param name="confidence">Probability with which the interval holds the measured time, between 0 and 1.</param>
    public LatencyEstimate FromLayersUs(double layersUs, double confidence = 0.95)
    {
        var median = Math.Max(LeastUs, _profile.Calibration.OverheadUs + layersUs);
        var reach = _reaches.GetOrAdd(
            confidence,
            c => (_profile.Validation.IntervalPercent ?? 0) / 100 * PredictionInterval.Widening(
                c, _profile.Validation.Nets.Length));
        return new LatencyEstimate(median, median * Math.Max(0.01, 1 - reach), median * (1 + reach));
    }

    /// <inheritdoc/>
    public LatencyEstimate Estimate(NetworkPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return FromLayersUs(plan.Blocks.Sum(LayerUs));
    }
}
