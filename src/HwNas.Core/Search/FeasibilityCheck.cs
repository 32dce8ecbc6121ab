using System.Globalization;
using HwNas.Core.Metrics;
using HwNas.Core.Spaces;

namespace HwNas.Core.Search;

/// <summary>
/// Ends a search for the impossible before it begins: checks each limit on a known cost against what the space
/// reaches, and all of them together.
/// </summary>
public static class FeasibilityCheck
{
    // Spaces up to this size are enumerated, so that the verdict is exact; larger ones are descended from several starts.
    private const int EnumerableNetworks = 20_000;

    /// <summary>Checks the limits on costs that are known without evaluation.</summary>
    /// <exception cref="InfeasibleBudgetException">No network keeps the limits; the message holds each reachable range
    /// and what excludes what.</exception>
    public static void Require(SearchProblem problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        var limits = problem.Limits.Where(l => problem.IsKnown(problem.MetricOf(l.Metric))).ToList();
        if (limits.Count == 0)
            return;
        var starts = Starts(problem.Space);
        var ranges = limits.ConvertAll(l => RangeOf(problem, l, starts));
        var unreachable = limits.FindAll(l => ranges[limits.IndexOf(l)] is var range
            && !(l.ViolationOf(range.Least) == 0 || l.ViolationOf(range.Most) == 0));
        if (unreachable.Count == 0 && CanKeep(problem, limits, starts))
            return;

        var lines = limits.Select((limit, i) => string.Create(CultureInfo.InvariantCulture,
            $"  {limit}: networks of the space reach "
            + $"{Figures.Range(problem.Metrics[problem.MetricOf(limit.Metric)], ranges[i].Least, ranges[i].Most)}"
            + $"{(ranges[i].IsExact ? "" : " as far as descents from many starts have found")}"
            + $"{Verdict(problem, limit, limits, unreachable, starts)}"));
        var isProven = IsEnumerable(problem.Space) || unreachable.Exists(l => ranges[limits.IndexOf(l)].IsExact);
        throw new InfeasibleBudgetException(
            $"No network {(isProven ? "of the space keeps" : "was found that keeps")} the limits:\n{string.Join("\n", lines)}");
    }

    private static bool IsEnumerable(GenomeSpace space) => space.Count <= EnumerableNetworks;

    private static string Verdict(
        SearchProblem problem, Limit limit, List<Limit> limits, List<Limit> unreachable, List<byte[]> starts)
    {
        if (unreachable.Contains(limit))
            return "; this limit alone excludes all of them";
        if (unreachable.Count > 0 || limits.Count == 1)
            return "";
        return CanKeep(problem, limits.FindAll(l => l != limit), starts)
            ? "; without this limit the others can be kept"
            : "; the others exclude each other even without this limit";
    }

    private static CostRange RangeOf(SearchProblem problem, Limit limit, List<byte[]> starts)
    {
        var cost = problem.MetricOf(limit.Metric) - problem.Measured.Length;
        if (!problem.Costs.Ranges.IsEmpty)
            return problem.Costs.Ranges[cost];
        return new CostRange(
            Least(problem.Space, starts, choices => CostOf(problem, choices, cost)),
            -Least(problem.Space, starts, choices => -CostOf(problem, choices, cost)),
            IsEnumerable(problem.Space));
    }

    private static bool CanKeep(SearchProblem problem, List<Limit> limits, List<byte[]> starts) =>
        Least(problem.Space, starts, choices => ViolationOf(problem, limits, choices)) == 0;

    private static double ViolationOf(SearchProblem problem, List<Limit> limits, ReadOnlySpan<byte> choices)
    {
        var violation = 0.0;
        foreach (var limit in limits)
            violation += limit.ViolationOf(CostOf(problem, choices, problem.MetricOf(limit.Metric) - problem.Measured.Length));
        return violation;
    }

    private static double Least(GenomeSpace space, List<byte[]> starts, Func<ReadOnlySpan<byte>, double> function) =>
        starts.Min(start => IsEnumerable(space)
            ? function(start)
            : CoordinateDescent.Minimize(space, [.. start], function));

    private static double CostOf(SearchProblem problem, ReadOnlySpan<byte> choices, int cost)
    {
        Span<double> costs = stackalloc double[problem.Costs.Costs.Length];
        problem.Costs.Compute(choices, costs);
        return costs[cost];
    }

    private static List<byte[]> Starts(GenomeSpace space) => IsEnumerable(space)
        ? [.. space.Enumerate().Select(genome => genome.Choices.ToArray())]
        : [.. CoordinateDescent.Starts(space)];
}
