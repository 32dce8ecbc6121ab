using HwNas.Core.Pareto;
using HwNas.Core.Spaces;

namespace HwNas.Core.Search.Strategies;

/// <summary>
/// BigNAS coarse-to-fine (Yu et al. 2020, section 3.2), for all budgets at once: a coarse sweep in which the genes of
/// a kind move together; then, again and again, a random mutation of a single gene of the winner of every budget
/// bucket along every cost, which cut the range seen. Ours: under limits the sweep lies near them (<see cref="LimitFocus"/>).
/// </summary>
internal sealed class CoarseToFine : ISearchStrategy
{
    private const int CoarseBatch = 64;
    private const int NearLimits = 2;

    private readonly StrategyContext _context;
    private readonly Variation _variation;
    private readonly Novelty _novelty;
    private readonly Queue<Genome> _coarse;
    private readonly BudgetBuckets _buckets;

    public CoarseToFine(StrategyContext context)
    {
        _context = context;
        _variation = new Variation(context.Problem.Space, context.Random);
        _novelty = new Novelty(context);
        _coarse = new Queue<Genome>(Sweep([.. CoarseGrid.Enumerate(context.Problem.Space)
            .Where(g => _novelty.IsNew(g) && context.Problem.KeepsKnownLimits(g))]));

        // Measured on NAS-Bench-Macro and once-for-all models: fewer buckets converge to parts of the front; more gain nothing.
        _buckets = new BudgetBuckets(context.Problem, (int)Math.Clamp(1.5 * Math.Sqrt(context.Evaluations), 12, 64));
        foreach (var candidate in context.Known)
            _buckets.Add(candidate);
    }

    public IReadOnlyList<Genome> Ask(IReadOnlyList<Genome> pending)
    {
        if (_coarse.Count > 0)
            return [.. Enumerable.Range(0, Math.Min(CoarseBatch, _coarse.Count)).Select(_ => _coarse.Dequeue())];

        _novelty.Add(pending);

        // A single gene changes. Where the single-gene neighbours are known, two do.
        List<Genome> mutants = [.. _buckets.Winners().Union(_buckets.NearLimits(NearLimits))
            .Select(winner => _novelty.Child(attempt => _variation.Mutate(winner.Genome, genes: 1 + (attempt / 8))))
            .OfType<Genome>()];
        return mutants.Count > 0 ? mutants : _novelty.Random(pending.Count > 0 ? 1 : CoarseBatch);
    }

    public void Tell(IReadOnlyList<Candidate> candidates)
    {
        _novelty.Add(candidates.Select(c => c.Genome));
        foreach (var candidate in candidates)
            _buckets.Add(candidate);
    }

    // The sweep takes at most a third of the evaluations, less what is known within the limits. Under limits a third of it
    // comes from beyond them, whatever is known, and a third is the grid's nearest to them; the rest is spread evenly, both
    // ends included.
    private IEnumerable<Genome> Sweep(Genome[] grid)
    {
        var problem = _context.Problem;
        var most = Math.Max(1, _context.Evaluations / 3);
        var count = Math.Max(0, most - _context.Known.Count(c => c.IsFeasible));
        if (!problem.HasKnownLimits)
            return Spread(grid, count, FirstCost);
        var beyond = _novelty.FromBeyond(most / 3);
        count = Math.Max(0, count - beyond.Count);
        Genome[] sorted = [.. grid.OrderBy(genome => problem.KnownSlack(genome.Choices))];
        var nearest = sorted.Take(count / 2).ToArray();
        return
        [
            .. beyond,
            .. nearest,
            .. Spread(sorted[nearest.Length..], count - nearest.Length, genome => problem.KnownSlack(genome.Choices)),
        ];
    }

    private static IEnumerable<Genome> Spread(Genome[] grid, int count, Func<Genome, double> key)
    {
        if (grid.Length <= count)
            return grid;
        Array.Sort(Array.ConvertAll(grid, genome => key(genome)), grid);
        return Enumerable.Range(0, count).Select(i => grid[(int)((long)i * (grid.Length - 1) / Math.Max(1, count - 1))]);
    }

    private double FirstCost(Genome genome)
    {
        var costs = new double[_context.Problem.Costs.Costs.Length];
        _context.Problem.Costs.Compute(genome.Choices, costs);
        return costs.Length > 0 ? costs[0] : _context.Random.NextDouble();
    }
}
