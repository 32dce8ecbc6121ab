using System.Collections.Immutable;
using HwNas.Core.Devices.Measurement;
using HwNas.Core.Graphs;
using HwNas.Core.Statistics;

namespace HwNas.Core.Devices.Coverage;

/// <summary>
/// For runtimes whose networks are not the sum of their layers, because they compile or partition whole graphs: times
/// of layers that explain measured times of whole networks, time = overhead + Σ over layers of (constant + rate × MACs
/// + rate × values moved), with constants and rates for each kind, kernel and stride that are not negative.
/// </summary>
internal static class EndToEndFit
{
    private const double LeastUs = 1e-3;

    // As if one more network had said that every rate is the same small share of its own time.
    private const double Ridge = 0.03;

    /// <summary>The entries that explain the networks; all are marked as predicted.</summary>
    /// <param name="layers">The layers of the space.</param>
    /// <param name="overheadUs">Time of a run that computes nothing.</param>
    /// <param name="nets">Measured networks.</param>
    public static ImmutableArray<LatencyEntry> Fit(IReadOnlyList<Block> layers, double overheadUs, IReadOnlyList<NetTime> nets)
    {
        var specs = layers.ToDictionary(layer => layer.LatencyKey);
        var columns = layers.Select(layer => LayerKind.Of(layer.LatencyKey))
            .Distinct()
            .Index()
            .ToDictionary(kind => kind.Item, kind => kind.Index);
        var rows = nets.Select(net => Row(net.Layers.Select(key => specs[key]), columns, net.MeasuredUs - overheadUs)).ToList();
        var mean = Enumerable.Range(0, rows[0].Length).Select(k => rows.Average(row => row[k])).ToArray();
        var shrink = mean.Select((value, k) => mean.Select((_, i) => i == k ? Ridge * value * mean.Length : 0).ToArray());
        var rates = NonNegativeLeastSquares.Solve(
            [.. rows, .. shrink], [.. rows.Select(_ => 1.0), .. mean.Select(_ => Ridge)]);
        var errors = rows.Select(row => row.Zip(rates).Sum(term => term.First * term.Second) - 1).ToList();
        var error = Math.Sqrt(errors.Average(e => e * e));
        return [.. layers.Select(layer => PredictedEntries.Of(
            layer,
            new LayerPrediction(
                Math.Max(LeastUs, Row([layer], columns, 1).Zip(rates).Sum(term => term.First * term.Second)), error),
            overheadUs))];
    }

    private static double[] Row(IEnumerable<Block> layers, Dictionary<string, int> columns, double us)
    {
        const int Terms = 3;
        var row = new double[Terms * columns.Count];
        foreach (var layer in layers)
        {
            var first = Terms * columns[LayerKind.Of(layer.LatencyKey)];
            row[first] += 1 / us;
            row[first + 1] += layer.Macs / 1e6 / us;
            row[first + 2] += LayerGroup.MovedValues(layer) / 1e6 / us;
        }

        return row;
    }
}
