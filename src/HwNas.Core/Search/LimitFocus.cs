using HwNas.Core.Metrics;

namespace HwNas.Core.Search;

/// <summary>
/// Turns a strategy to where the answer lies. Under limits that is the most accurate network that keeps them, which
/// nearly reaches them; yet to dominance and hypervolume a cheap network counts as much. So that evaluations are not
/// spent on the whole range of a cost, strategies see every cost below a floor near the limit as that floor: cheaper
/// networks must be more accurate to count. At the end of a search they must come nearer still. The front that a search
/// reports has the true costs.
/// </summary>
internal static class LimitFocus
{
    // Where the floor lies between the least cost and the limit. Tried on the problems that 'benchmarks -- search' has for
    // budgets: 0.7 and 0.8 are alike, 0.3 and 0.5 find less, 0.9 finds less again.
    private const double Floor = 0.7;

    // For the last evaluations. There 0.9 finds a little more than 1, where costs below the limit count for nothing at all, and
    // than 0.7.
    private const double LastFloor = 0.9;
    private const int Samples = 200;

    /// <summary>The problem as strategies see it; itself without known limits, or without anything to maximise.</summary>
    public static SearchProblem On(SearchProblem problem) => Above(problem, Floor);

    /// <summary>The problem as it is seen at the end.</summary>
    public static SearchProblem AtTheEnd(SearchProblem problem) => Above(problem, LastFloor);

    private static SearchProblem Above(SearchProblem problem, double floor)
    {
        if (!problem.HasKnownLimits || problem.Objectives.All(o => o.Direction == Direction.Minimize))
            return problem;
        var sampler = new FeasibleSampler(problem, new Random(0));
        var costs = Enumerable.Range(0, Samples).Select(_ => sampler.Next()).OfType<Spaces.Genome>().Select(genome =>
        {
            var values = new double[problem.Costs.Costs.Length];
            problem.Costs.Compute(genome.Choices, values);
            return values;
        }).ToArray();
        return costs.Length == 0
            ? problem
            : problem.WithLeastLosses([.. problem.ObjectiveMetrics.Select(metric => LeastLoss(problem, metric, costs, floor))]);
    }

    // A cost without a limit of its own ends where the networks within the other limits end.
    private static double LeastLoss(SearchProblem problem, int metric, double[][] costs, double floor)
    {
        var objective = problem.Metrics[metric];
        if (objective.Direction == Direction.Maximize || !problem.IsKnown(metric))
            return double.NegativeInfinity;
        var values = Array.ConvertAll(costs, row => row[metric - problem.Measured.Length]);
        var most = problem.Limits.Where(limit => limit.Metric == objective.Name && limit.Kind == LimitKind.AtMost)
            .Select(limit => limit.Bound)
            .DefaultIfEmpty(values.Max()).Min();
        return values.Min() + (floor * (most - values.Min()));
    }
}
