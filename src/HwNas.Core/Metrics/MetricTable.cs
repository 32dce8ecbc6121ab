using System.Collections.Immutable;
using HwNas.Core.Graphs;
using HwNas.Core.Spaces;

namespace HwNas.Core.Metrics;

/// <summary>The metrics of several sources for every network of a space, compiled into tables.</summary>
public sealed class MetricTable
{
    private readonly ImmutableArray<IMetricSource> _sources;
    private readonly GenomeCostTable _costs;

    /// <summary>Compiles the sources for a space.</summary>
    /// <exception cref="InputException">A source does not know a block of the space, or two metrics have one name.</exception>
    public MetricTable(ISearchSpace space, IEnumerable<IMetricSource> sources)
    {
        ArgumentNullException.ThrowIfNull(space);
        _sources = [.. sources];
        Metrics = [.. _sources.SelectMany(source => source.Metrics)];
        if (Metrics.GroupBy(metric => metric.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new InputException($"Two sources give the metric '{twice.Key}'.");
        _costs = GenomeCostTable.Build(space, [.. _sources.SelectMany(source => source.BlockCosts)]);
        var peaks = _costs.PeakActivationBytesRange;
        var (least, most) = (At(range => range.Least, peaks.Least), At(range => range.Most, peaks.Most));

        // What moves with peak memory is no more exact than that.
        var moved = At(range => range.Least, peaks.Most);
        Ranges = [.. Enumerable.Range(0, Metrics.Length)
            .Select(metric => new CostRange(least[metric], most[metric], peaks.IsExact || moved[metric] == least[metric]))];

        double[] At(Func<CostRange, double> end, double peak)
        {
            var (values, parameters) = (new double[Metrics.Length], (long)end(_costs.ParamsRange));
            Compute(
                new NetworkCost((long)end(_costs.MacsRange), parameters, (long)peak, sizeof(float) * parameters),
                [.. _costs.BlockCostRanges.Select(end)], values);
            return values;
        }
    }

    /// <summary>The metrics of all sources.</summary>
    public ImmutableArray<Metric> Metrics { get; }

    /// <summary>What the networks of the space reach of each metric.</summary>
    public ImmutableArray<CostRange> Ranges { get; }

    /// <summary>What the metrics come from beside the space.</summary>
    public IEnumerable<string> Origins => _sources.Select(source => source.Origin).OfType<string>();

    /// <summary>Writes the metrics of a network; allocates nothing.</summary>
    public void Compute(ReadOnlySpan<byte> choices, Span<double> values)
    {
        Span<double> sums = stackalloc double[_costs.BlockCostCount];
        var counts = _costs.Evaluate(choices, sums);
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
