using HwNas.Core.Graphs;

namespace HwNas.Core.Devices.Coverage;

/// <summary>
/// Chooses which layers of a large space to measure, so that the rest can be predicted: in every group first the
/// extremes, then always the layer that is farthest from all chosen ones (Gonzalez 1985, farthest-first traversal).
/// Small groups are measured whole.
/// </summary>
public static class CoverageDesign
{
    // Beyond what the model of a group needs at least; and what is better than that, while there is time for it.
    private const int WishedPerGroup = 12;

    /// <summary>Layers that must be measured at least, so that all others can be predicted.</summary>
    public static int LeastLayers(IReadOnlyList<Block> layers) =>
        layers.GroupBy(LayerGroup.Of).Sum(group => Math.Min(group.Count(), LayerTimeModel.LeastMeasured));

    /// <summary>Chooses the layers of a space that are to be measured, in the order of the space.</summary>
    /// <param name="layers">The layers of the space.</param>
    /// <param name="measured">Keys of those that are measured already; they are not chosen again.</param>
    /// <param name="errorOf">The relative error that is to be expected of a layer's prediction; where it is
    /// larger, more is measured.</param>
    /// <param name="count">How many to have measured in the end; <see cref="LeastLayers"/> or more.</param>
    public static IReadOnlyList<Block> Choose(
        IReadOnlyList<Block> layers, IReadOnlySet<string> measured, Func<Block, double> errorOf, int count)
    {
        ArgumentNullException.ThrowIfNull(layers);
        ArgumentNullException.ThrowIfNull(measured);
        ArgumentNullException.ThrowIfNull(errorOf);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, LeastLayers(layers));
        var groups = layers.GroupBy(LayerGroup.Of).Select(group => group.ToList()).ToList();
        var counts = Share(groups, errorOf, count);
        var chosen = groups.SelectMany((group, i) => Spread(group, measured, counts[i]))
            .Select(layer => layer.LatencyKey).ToHashSet();
        return [.. layers.Where(layer => chosen.Contains(layer.LatencyKey) && !measured.Contains(layer.LatencyKey))];
    }

    // First the least of each group, then what it had better have, then one after the other to where the most error remains.
    private static int[] Share(List<List<Block>> groups, Func<Block, double> errorOf, int count)
    {
        int[] counts = [.. groups.Select(group => Math.Min(group.Count, LayerTimeModel.LeastMeasured))];
        double[] errors = [.. groups.Select(group => errorOf(group[0]))];
        for (var left = Math.Min(count, groups.Sum(group => group.Count)) - counts.Sum(); left > 0; left--)
        {
            var next = Enumerable.Range(0, groups.Count)
                .Where(i => counts[i] < groups[i].Count)
                .MaxBy(i => (counts[i] < WishedPerGroup, errors[i] * (groups[i].Count - counts[i]) / counts[i]));
            counts[next]++;
        }

        return counts;
    }

    // Farthest-first in the logarithms of the work of each part; the first are the least and the most work.
    private static IEnumerable<Block> Spread(List<Block> group, IReadOnlySet<string> measured, int count)
    {
        if (count >= group.Count)
            return group;
        var points = group.Select(layer => LayerGroup.TermsOf(layer).Select(term => Math.Log(term)).ToArray()).ToList();
        var chosen = Enumerable.Range(0, group.Count).Where(i => measured.Contains(group[i].LatencyKey)).ToList();
        if (chosen.Count == 0)
        {
            chosen.AddRange(new[] { points.Index().MinBy(p => p.Item.Sum()).Index, points.Index().MaxBy(p => p.Item.Sum()).Index }
                .Distinct());
        }

        var distances = points.Select(point => chosen.Min(i => Distance(point, points[i]))).ToArray();
        while (chosen.Count < count)
        {
            var farthest = Array.IndexOf(distances, distances.Max());
            chosen.Add(farthest);
            for (var i = 0; i < distances.Length; i++)
                distances[i] = Math.Min(distances[i], Distance(points[i], points[farthest]));
        }

        return chosen.Select(i => group[i]);
    }

    private static double Distance(double[] a, double[] b) =>
        a.Zip(b).Sum(pair => (pair.First - pair.Second) * (pair.First - pair.Second));
}
