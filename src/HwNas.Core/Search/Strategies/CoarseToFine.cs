using HwNas.Core.Pareto;
using HwNas.Core.SearchSpaces;

namespace HwNas.Core.Search.Strategies;

/// <summary>
/// BigNAS coarse-to-fine (Yu et al. 2020, section 3.3), for all budgets at once: a coarse sweep in which the genes of
/// a kind move together; then, again and again, a random mutation of a single gene of the winner of every budget
/// bucket along every cost.
/// </summary>
internal sealed class CoarseToFine : ISearchStrategy
{
    private const int CoarseBatch = 64;
    private const int AttemptsPerMutant = 24;

    private readonly StrategyContext _context;
    private readonly Variation _variation;
    private readonly FeasibleSampler _sampler;
    private readonly Queue<Genome> _coarse;
    private readonly BudgetBuckets _buckets;
    private readonly HashSet<Genome> _seen = [];

    public CoarseToFine(StrategyContext context)
    {
        _context = context;
        _variation = new Variation(context.Problem.Space, context.Random);
        _sampler = new FeasibleSampler(context.Problem, context.Random);
        _coarse = new Queue<Genome>(Spread([.. CoarseGrid.Enumerate(context.Problem.Space).Where(context.Problem.KeepsKnownLimits)]));
        _buckets = new BudgetBuckets(context.Problem, (int)Math.Clamp(Math.Sqrt(context.Evaluations), 8, 64));
    }

    public IReadOnlyList<Genome> Ask()
    {
        if (_coarse.Count > 0)
            return [.. Enumerable.Range(0, Math.Min(CoarseBatch, _coarse.Count)).Select(_ => _coarse.Dequeue())];
        var mutants = new List<Genome>();
        foreach (var winner in _buckets.Winners())
        {
            if (Mutant(winner.Genome) is { } mutant)
                mutants.Add(mutant);
        }

        // Nothing new around the winners, or nothing within the limits yet.
        return mutants.Count > 0 ? mutants : _sampler.NextDistinct(CoarseBatch, genome => !_seen.Contains(genome));
    }

    public void Tell(IReadOnlyList<Candidate> candidates)
    {
        foreach (var candidate in candidates)
        {
            _seen.Add(candidate.Genome);
            _buckets.Add(candidate);
        }
    }

    // A new neighbour within the known limits. Where all single-gene neighbours are known, two genes change, then three.
    private Genome? Mutant(Genome winner)
    {
        for (var attempt = 0; attempt < AttemptsPerMutant; attempt++)
        {
            var mutant = _variation.Mutate(winner, genes: 1 + (attempt / (AttemptsPerMutant / 3)));
            if (!_seen.Contains(mutant) && _context.Problem.KeepsKnownLimits(mutant) && _seen.Add(mutant))
                return mutant;
        }

        return null;
    }

    // The sweep takes at most a third of the evaluations: an even choice along the first known cost.
    private IEnumerable<Genome> Spread(Genome[] grid)
    {
        var count = Math.Max(1, _context.Evaluations / 3);
        if (grid.Length <= count)
            return grid;
        var costs = new double[_context.Problem.Costs.Costs.Length];
        var keys = Array.ConvertAll(grid, genome =>
        {
            _context.Problem.Costs.Compute(genome.Choices, costs);
            return costs.Length > 0 ? costs[0] : _context.Random.NextDouble();
        });
        Array.Sort(keys, grid);
        return Enumerable.Range(0, count).Select(i => grid[(int)((i + 0.5) * grid.Length / count)]);
    }
}
