using System.Collections.Immutable;
using HwNas.Core.Graphs;
using HwNas.Core.Spaces;

namespace HwNas.Core.Metrics;

/// <summary>The metrics of several sources for every network of a space, compiled into tables.</summary>
public sealed class MetricTable
{
    private readonly ImmutableArray<IMetricSource> _sources;

    /// <summary>Compiles the sources for a space.</summary>
    /// <exception cref="InputException">A source does not know a block of the space, or two metrics have one name.</exception>
    public MetricTable(ISearchSpace space, IEnumerable<IMetricSource> sources)
    {
        ArgumentNullException.ThrowIfNull(space);
        _sources = [.. sources];
        Metrics = [.. _sources.SelectMany(source => source.Metrics)];
        if (Metrics.GroupBy(metric => metric.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new InputException($"Two sources give the metric '{twice.Key}'.");
        Costs = GenomeCostTable.Build(space, [.. _sources.SelectMany(source => source.BlockCosts)]);
        var peaks = Costs.PeakActivationBytesRange;
        var (least, most) = (At(range => range.Least, peaks.Least), At(range => range.Most, peaks.Most));

        // What moves with peak memory is no more exact than that.
        var moved = At(range => range.Least, peaks.Most);
        Ranges = [.. Enumerable.Range(0, Metrics.Length)
            .Select(metric => new CostRange(least[metric], most[metric], peaks.IsExact || moved[metric] == least[metric]))];

        double[] At(Func<CostRange, double> end, double peak)
        {
            var (values, parameters) = (new double[Metrics.Length], (long)end(Costs.ParamsRange));
            Compute(
                new NetworkCost((long)end(Costs.MacsRange), parameters, (long)peak, sizeof(float) * parameters),
                [.. Costs.BlockCostRanges.Select(end)], values);
            return values;
        }
    }

    /// <summary>What the metrics are computed from.</summary>
    internal GenomeCostTable Costs { get; }

    /// <summary>The metrics of all sources.</summary>
    public ImmutableArray<Metric> Metrics { get; }

    /// <summary>What the networks of the space reach of each metric.</summary>
    public ImmutableArray<CostRange> Ranges { get; }

    /// <summary>What the metrics come from beside the space.</summary>
    public IEnumerable<string> Origins => _sources.Select(source => source.Origin).OfType<string>();

    /// <summary>Writes the metrics of a network; allocates nothing.</summary>
    public void Compute(ReadOnlySpan<byte> choices, Span<double> values)
    {
        Span<double> sums = stackalloc double[Costs.BlockCostCount];
        var counts = Costs.Evaluate(choices, sums);
        Compute(counts, sums, values);
    }

    /// <summary>The metrics of a network by name.</summary>
    public ImmutableSortedDictionary<string, double> Of(Genome genome)
    {
        ArgumentNullException.ThrowIfNull(genome);
        var values = new double[Metrics.Length];
        Compute(genome.Choices, values);
        return Metrics.Zip(values)
            .ToImmutableSortedDictionary(pair => pair.First.Name, pair => pair.Second, StringComparer.Ordinal);
    }

    /// <summary>
    /// The limit on a sum over the parts of a network that stands for one on a metric, by the numbers of
    /// <see cref="GenomeCostTable.EntriesOf(int, int)"/>; null where the metric moves with more than one of them.
    /// </summary>
    /// <exception cref="InputException">There is no metric of this name.</exception>
    internal (int Sum, double Bound)? AsSum(string name, double bound)
    {
        var metric = Metrics.IndexOf(Metrics.FirstOrDefault(metric => metric.Name == name)
            ?? throw new InputException($"There is no metric '{name}' that is known without evaluation."));
        CostRange[] ranges = [.. Enumerable.Range(0, 3 + Costs.BlockCostCount).Select(Costs.RangeOf)];
        double[] least = [.. ranges.Select(range => range.Least)], most = [.. ranges.Select(range => range.Most)];
        int[] moving = [.. Enumerable.Range(0, ranges.Length).Where(sum => Moves(least, sum) || Moves(most, sum))];
        if (moving.Length != 1)
            return null;
        var (low, high) = (least[moving[0]], most[moving[0]]);
        if (Value(least, moving[0], high) <= bound)
            return (moving[0], double.PositiveInfinity);
        if (Value(least, moving[0], low) > bound)
            return (moving[0], double.NegativeInfinity);

        // Values never fall where a sum rises: halving leaves the greatest number that keeps the limit.
        for (var middle = low + ((high - low) / 2); low < middle && middle < high; middle = low + ((high - low) / 2))
            (low, high) = Value(least, moving[0], middle) <= bound ? (middle, high) : (low, middle);
        return (moving[0], low);

        bool Moves(double[] others, int sum) => Value(others, sum, least[sum]) != Value(others, sum, most[sum]);

        double Value(double[] others, int sum, double value)
        {
            double[] sums = [.. others];
            sums[sum] = value;
            var values = new double[Metrics.Length];
            var parameters = (long)sums[1];
            Compute(
                new NetworkCost((long)sums[0], parameters, (long)sums[GenomeCostTable.PeakIndex], sizeof(float) * parameters),
                sums.AsSpan(3), values);
            return values[metric];
        }
    }

    private void Compute(NetworkCost counts, ReadOnlySpan<double> sums, Span<double> values)
    {
        foreach (var source in _sources)
        {
            source.Compute(counts, sums[..source.BlockCosts.Length], values[..source.Metrics.Length]);
            sums = sums[source.BlockCosts.Length..];
            values = values[source.Metrics.Length..];
        }
    }
}
