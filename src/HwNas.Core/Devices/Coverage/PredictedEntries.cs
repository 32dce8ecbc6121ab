using System.Collections.Immutable;
using HwNas.Core.Graphs;
using MathNet.Numerics.Distributions;

namespace HwNas.Core.Devices.Coverage;

/// <summary>Completes a table: layers that were not measured are predicted from those that were, and marked so.</summary>
internal static class PredictedEntries
{
    private static readonly double NormalQuantile975 = Normal.InvCDF(0, 1, 0.975);

    /// <summary>Measured entries, and a predicted one for each other layer of the space.</summary>
    /// <param name="layers">The layers of the space.</param>
    /// <param name="measured">Measured entries, overhead included.</param>
    /// <param name="overheadUs">Time of a run that computes nothing.</param>
    /// <exception cref="InputException">Too few layers of a kind were measured.</exception>
    public static ImmutableArray<LatencyEntry> Complete(
        IReadOnlyList<Block> layers, ImmutableArray<LatencyEntry> measured, double overheadUs)
    {
        var known = measured.ToDictionary(entry => entry.Layer);
        if (layers.All(layer => known.ContainsKey(layer.LatencyKey)))
            return measured;
        var model = LayerTimeModel.Fit(layers
            .Where(layer => known.ContainsKey(layer.LatencyKey))
            .Select(layer => new TimedLayer(layer, Math.Max(0, known[layer.LatencyKey].MedianUs - overheadUs))));
        return
        [
            .. measured,
            .. layers.Where(layer => !known.ContainsKey(layer.LatencyKey))
                .Select(layer => Of(layer, model.Predict(layer), overheadUs)),
        ];
    }

    /// <summary>
    /// The entry of a prediction: median and mean are the same, and the interval is that of the model's errors.
    /// </summary>
    public static LatencyEntry Of(Block layer, LayerPrediction prediction, double overheadUs)
    {
        var reach = NormalQuantile975 * prediction.RelativeError;
        var (median, high) = (overheadUs + prediction.Us, overheadUs + (prediction.Us * (1 + reach)));
        var low = overheadUs + (prediction.Us * Math.Max(0, 1 - reach));
        return new LatencyEntry(
            layer.LatencyKey, Samples: 0, median, median, high, Math.Max(low, 1e-3), high, CpuMedianUs: 0, [EntryMark.Predicted]);
    }
}
