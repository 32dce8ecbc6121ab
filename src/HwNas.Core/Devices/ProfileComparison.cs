using System.Collections.Immutable;
using HwNas.Core.Devices.Measurement;
using HwNas.Core.Statistics;

namespace HwNas.Core.Devices;

/// <summary>How much slower layers of one kind are on the second device.</summary>
/// <param name="Kind">The kind: what the layer is, with kernel and stride where it has them, such as <c>mbconv-k3-s2</c>.</param>
/// <param name="Layers">Common layers of that kind.</param>
/// <param name="MedianRatio">Median over them of second time / first time.</param>
/// <param name="LeastRatio">Smallest such ratio.</param>
/// <param name="MostRatio">Largest such ratio.</param>
public sealed record KindRatio(string Kind, int Layers, double MedianRatio, double LeastRatio, double MostRatio);

/// <summary>Two profiles beside each other: whether one device's order of layers is the other's.</summary>
/// <param name="CommonLayers">Layers that both have.</param>
/// <param name="OnlyFirst">Layers that only the first has.</param>
/// <param name="OnlySecond">Layers that only the second has.</param>
/// <param name="KendallTau">Rank correlation (τ-b) of the common layers' times; 1 = the same order.</param>
/// <param name="MedianRatio">Median over the common layers of second time / first time.</param>
/// <param name="Kinds">The same for each kind of layer.</param>
public sealed record ProfileComparison(
    int CommonLayers, int OnlyFirst, int OnlySecond, double KendallTau, double MedianRatio, ImmutableArray<KindRatio> Kinds)
{
    /// <summary>Compares two profiles by the layers that they have in common; overheads of a run are taken off.</summary>
    /// <exception cref="InputException">They have fewer than two layers in common.</exception>
    public static ProfileComparison Of(DeviceProfile first, DeviceProfile second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        var others = second.Entries.ToDictionary(KeyOf, entry => WithoutOverheadUs(second, entry));
        var common = first.Entries
            .Where(entry => others.ContainsKey(KeyOf(entry)))
            .Select(entry => (entry.Layer, FirstUs: WithoutOverheadUs(first, entry), SecondUs: others[KeyOf(entry)]))
            .ToList();
        if (common.Count < 2)
        {
            throw new InputException(
                $"The profiles of '{first.Device.Id}' (space '{first.Space.Name}') and '{second.Device.Id}' (space "
                + $"'{second.Space.Name}') have {common.Count} layers in common; compare profiles of the same space.");
        }

        // A layer that is as fast as doing nothing has no ratio.
        var ratios = common.Where(layer => layer is { FirstUs: > 0, SecondUs: > 0 })
            .Select(layer => (Kind: LayerKind.Of(layer.Layer), Ratio: layer.SecondUs / layer.FirstUs)).ToList();
        return new ProfileComparison(
            common.Count,
            first.Entries.Length - common.Count,
            second.Entries.Length - common.Count,
            PredictionErrors.Tau([.. common.Select(layer => (layer.FirstUs, layer.SecondUs))]),
            ratios.Count == 0 ? 1 : Quantiles.Median(ratios.Select(layer => layer.Ratio)),
            [
                .. ratios.GroupBy(layer => layer.Kind, layer => layer.Ratio)
                    .Select(kind => new KindRatio(kind.Key, kind.Count(), Quantiles.Median(kind), kind.Min(), kind.Max()))
                    .OrderBy(kind => kind.Kind, StringComparer.Ordinal),
            ]);
    }

    private static (string, int?) KeyOf(LatencyEntry entry) => (entry.Layer, entry.Resolution);

    private static double WithoutOverheadUs(DeviceProfile profile, LatencyEntry entry) =>
        Math.Max(0, entry.MedianUs - profile.Calibration.OverheadUs);
}
