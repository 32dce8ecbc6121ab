using System.Collections.Immutable;
using HwNas.Core.Metrics;
using HwNas.Core.Spaces;

namespace HwNas.Core.Search;

/// <summary>Writes the costs of one network; called very often, by several threads at once.</summary>
/// <param name="choices">The canonical choices of a genome.</param>
/// <param name="costs">Receives one value for each cost.</param>
public delegate void CostFunction(ReadOnlySpan<byte> choices, Span<double> costs);

/// <summary>Quantities that are known without evaluating a network: MACs, parameters, memory, table latency.</summary>
public sealed class KnownCosts
{
    /// <summary>Creates the costs.</summary>
    /// <param name="costs">Their names and units.</param>
    /// <param name="compute">Computes them, in this order.</param>
    /// <param name="ranges">What the networks of the space reach, in this order; empty where it is not known exactly.</param>
    /// <param name="sources">What they come from beside the space, such as the hash of a device's profile; a
    /// journal belongs to these.</param>
    public KnownCosts(
        IEnumerable<Metric> costs, CostFunction compute, IEnumerable<CostRange>? ranges = null,
        IEnumerable<string>? sources = null)
    {
        Costs = [.. costs];
        Compute = compute;
        Ranges = [.. ranges ?? []];
        Sources = [.. sources ?? []];
        if (!Ranges.IsEmpty && Ranges.Length != Costs.Length)
            throw new ArgumentException($"{Ranges.Length} ranges given for {Costs.Length} costs.", nameof(ranges));
    }

    /// <summary>The metrics of a space that are known without evaluation.</summary>
    public static KnownCosts Of(MetricTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        return new KnownCosts(table.Metrics, table.Compute, table.Ranges, table.Origins);
    }

    /// <summary>No costs.</summary>
    public static KnownCosts None { get; } = new([], static (_, _) => { });

    /// <summary>Their names and units.</summary>
    public ImmutableArray<Metric> Costs { get; }

    /// <summary>Computes them.</summary>
    public CostFunction Compute { get; }

    /// <summary>What the networks of the space reach; empty where it is not known exactly.</summary>
    public ImmutableArray<CostRange> Ranges { get; }

    /// <summary>What they come from beside the space, one readable text each.</summary>
    public ImmutableArray<string> Sources { get; }
}
