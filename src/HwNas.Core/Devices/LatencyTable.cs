using HwNas.Core.Networks;

namespace HwNas.Core.Devices;

/// <summary>Predicts networks from the layers of a profile: overhead + scale × Σ (layer − overhead).</summary>
public sealed class LatencyTable : ILatencyModel
{
    private readonly DeviceProfile _profile;
    private readonly Dictionary<string, double> _withoutOverheadUs;

    /// <summary>Makes a table of a profile.</summary>
    public LatencyTable(DeviceProfile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        _profile = profile;
        _withoutOverheadUs = profile.Entries.ToDictionary(
            entry => entry.Layer, entry => Math.Max(0, entry.MedianUs - profile.Calibration.OverheadUs), StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public string Device => _profile.Device.Id;

    /// <summary>The profile.</summary>
    public DeviceProfile Profile => _profile;

    /// <summary>Predicts a network; the interval is that of the profile's own validation.</summary>
    /// <exception cref="InputException">The profile has no entry for a layer; the message names both.</exception>
    public LatencyEstimate Estimate(NetworkPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var layersUs = 0.0;
        foreach (var layer in plan.Layers)
        {
            layersUs += _withoutOverheadUs.TryGetValue(layer.LatencyKey, out var us)
                ? us
                : throw new InputException(
                    $"The profile of '{Device}' for the space '{_profile.Space.Name}' has no entry '{layer.LatencyKey}' (layer {layer.Name} of {plan.Architecture.Id}). Measure the device for this space with `hwnas profile`.");
        }

        var predicted = _profile.Calibration.PredictUs(layersUs);
        var reach = _profile.Validation.IntervalPercent / 100;
        // The error is relative to the measurement, so the interval is not symmetric around the prediction.
        return new LatencyEstimate(predicted, predicted / (1 + reach), predicted * (1 + reach));
    }
}
