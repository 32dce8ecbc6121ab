using HwNas.Core.Metrics;
using HwNas.Core.Spaces;

namespace HwNas.Core.Search.Exact;

/// <summary>
/// What one part of the networks adds to each limited sum, for each combination of the choices of its genes; the last
/// gene's choice counts fastest.
/// </summary>
/// <param name="Genes">The genes.</param>
/// <param name="Costs">For each limit, what each entry adds.</param>
/// <param name="IsAllowed">Whether an entry keeps the limits that are none on a sum, such as peak memory.</param>
internal sealed record AdditiveTerm(int[] Genes, double[][] Costs, bool[] IsAllowed)
{
    /// <summary>Whether it tells networks apart.</summary>
    public bool Matters => IsAllowed.Contains(false) || Costs.Any(cost => cost.Any(value => value != 0));
}

/// <summary>Limits that hold for sums over the parts of a network: what an exact search goes by.</summary>
/// <param name="Terms">The parts.</param>
/// <param name="Bounds">For each limit the greatest sum that keeps it.</param>
internal sealed record AdditiveLimits(IReadOnlyList<AdditiveTerm> Terms, double[] Bounds)
{
    /// <summary>The limits on metrics of a table as limits on sums; null where one of them is none.</summary>
    /// <param name="table">The metrics.</param>
    /// <param name="limits">The limits.</param>
    /// <param name="counted">A metric whose sum comes first, without a limit; null for none.</param>
    public static AdditiveLimits? Of(MetricTable table, IEnumerable<Limit> limits, string? counted = null)
    {
        var sums = new List<(int Sum, double Bound)>();
        if (counted is not null)
        {
            if (table.AsSum(counted, double.PositiveInfinity) is not { } sum || sum.Sum == GenomeCostTable.PeakIndex)
                return null;
            sums.Add(sum);
        }

        var peak = double.PositiveInfinity;
        foreach (var limit in limits)
        {
            if (limit.Kind != LimitKind.AtMost || table.AsSum(limit.Metric, limit.Bound) is not { } sum)
                return null;
            if (sum.Sum == GenomeCostTable.PeakIndex)
                peak = Math.Min(peak, sum.Bound);
            else if (sum.Bound < double.PositiveInfinity)
                sums.Add(sum);
        }

        if (double.IsFinite(peak) && !table.Costs.Space.UntabledPeaks.IsEmpty)
            return null;
        var terms = table.Costs.Space.CostTerms.Select((term, index) => new AdditiveTerm(
            [.. term.Genes], [.. sums.Select(sum => table.Costs.EntriesOf(index, sum.Sum))],
            [.. table.Costs.EntriesOf(index, GenomeCostTable.PeakIndex).Select(bytes => bytes <= peak)]));
        return new AdditiveLimits([.. terms.Where(term => term.Matters)], [.. sums.Select(sum => sum.Bound)]);
    }
}
