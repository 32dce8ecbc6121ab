using HwNas.Core.Metrics;
using HwNas.Core.Pareto;

namespace HwNas.Core.Search.Strategies;

/// <summary>
/// Cuts each cost axis into equal buckets over the range seen and knows the best candidate within every budget, the
/// upper edge of a bucket, for every other objective. A cost axis is an objective to minimise; without one,
/// all candidates share one bucket.
/// </summary>
internal sealed class BudgetBuckets
{
    private const double NearSlack = 0.3;

    private readonly List<Candidate> _candidates = [];
    private readonly SearchProblem _problem;
    private readonly int _buckets;
    private readonly int[] _axes;
    private readonly int[] _qualities;

    public BudgetBuckets(SearchProblem problem, int buckets)
    {
        _problem = problem;
        _buckets = buckets;
        var objectives = Enumerable.Range(0, problem.Objectives.Length).ToArray();
        _axes = Array.FindAll(objectives, o => problem.Objectives[o].Direction == Direction.Minimize);
        _qualities = Array.FindAll(objectives, o => problem.Objectives[o].Direction == Direction.Maximize);
        if (_qualities.Length == 0)
            (_qualities, _axes) = (_axes[..1], _axes[1..]);
    }

    public void Add(Candidate candidate)
    {
        if (!candidate.IsInvalid)
            _candidates.Add(candidate);
    }

    /// <summary>
    /// The distinct winners, cheapest first along each axis; while nothing keeps the limits, the candidates nearest to them.
    /// </summary>
    public IReadOnlyList<Candidate> Winners()
    {
        var feasible = _candidates.FindAll(c => c.IsFeasible);
        if (feasible.Count == 0)
            return [.. _candidates.OrderBy(c => c.Violation).Take(_buckets)];
        var winners = new List<Candidate>();
        foreach (var quality in _qualities)
        {
            foreach (var axis in _axes)
                winners.AddRange(WinnersAlong(feasible, axis, quality));
            if (_axes.Length == 0)
                winners.AddRange(feasible.OrderBy(c => c.Losses[quality]).Take(_buckets));
        }

        return [.. winners.Distinct()];
    }

    /// <summary>
    /// The best of those that nearly reach a known limit. A cheap candidate that is better yet wins every bucket, and a
    /// search that followed winners only would never leave its neighbourhood.
    /// </summary>
    public IEnumerable<Candidate> NearLimits(int count) => _problem.HasKnownLimits
        ? _candidates.Where(c => c.IsFeasible && _problem.KnownSlack(c.Genome.Choices) <= NearSlack)
            .OrderBy(c => c.Losses[_qualities[0]])
            .Take(count)
        : [];

    private IEnumerable<Candidate> WinnersAlong(List<Candidate> candidates, int axis, int quality)
    {
        var least = candidates.Min(c => c.Losses[axis]);
        var width = Math.Max((candidates.Max(c => c.Losses[axis]) - least) / _buckets, double.Epsilon);
        var winners = new Candidate?[_buckets];
        foreach (var candidate in candidates)
        {
            ref var winner = ref winners[Math.Min(_buckets - 1, (int)((candidate.Losses[axis] - least) / width))];
            if (winner is null || candidate.Losses[quality] < winner.Losses[quality])
                winner = candidate;
        }

        // What is better and cheaper wins the dearer budgets too.
        for (var i = 1; i < winners.Length; i++)
        {
            if (winners[i] is null || (winners[i - 1] is { } cheaper && cheaper.Losses[quality] <= winners[i]!.Losses[quality]))
                winners[i] = winners[i - 1];
        }

        return winners.OfType<Candidate>();
    }
}
