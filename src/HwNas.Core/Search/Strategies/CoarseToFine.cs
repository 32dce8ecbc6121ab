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
        _coarse = new Queue<Genome>(Spread([.. CoarseGrid.Enumerate(context.Problem.Space).Where(g => _novelty.IsNew(g) && context.Problem.KeepsKnownLimits(g))]));

        // Measured on NAS-Bench-Macro and once-for-all models: fewer buckets converge to parts of the front; more gain nothing.
        _buckets = new BudgetBuckets(context.Problem, (int)Math.Clamp(1.5 * Math.Sqrt(context.Evaluations), 12, 64));
        foreach (var candidate in context.Known)
            _buckets.Add(candidate);
    }

    public IReadOnlyList<Genome> Ask()
    {
        if (_coarse.Count > 0)
            return [.. Enumerable.Range(0, Math.Min(CoarseBatch, _coarse.Count)).Select(_ => _coarse.Dequeue())];

        // A single gene changes. Where the single-gene neighbours are known, two do.
        List<Genome> mutants = [.. _buckets.Winners()
            .Select(winner => _novelty.Child(attempt => _variation.Mutate(winner.Genome, genes: 1 + (attempt / 8))))
            .OfType<Genome>()];
        return mutants.Count > 0 ? mutants : _novelty.Random(CoarseBatch);
    }

    public void Tell(IReadOnlyList<Candidate> candidates)
    {
        _novelty.Add(candidates);
        foreach (var candidate in candidates)
            _buckets.Add(candidate);
    }

    // The sweep takes at most a third of the evaluations, less what is known within the limits. Under limits it is what
    // comes nearest to them; without, an even choice along the first known cost, both ends included.
    private IEnumerable<Genome> Spread(Genome[] grid)
    {
        var count = Math.Max(0, Math.Max(1, _context.Evaluations / 3) - _context.Known.Count(c => c.IsFeasible));
        if (grid.Length <= count)
            return grid;
        if (_context.Problem.HasKnownLimits)
            return grid.OrderBy(genome => _context.Problem.KnownSlack(genome.Choices)).Take(count);
        var costs = new double[_context.Problem.Costs.Costs.Length];
        var keys = Array.ConvertAll(grid, genome =>
        {
            _context.Problem.Costs.Compute(genome.Choices, costs);
            return costs.Length > 0 ? costs[0] : _context.Random.NextDouble();
        });
        Array.Sort(keys, grid);
        return Enumerable.Range(0, count).Select(i => grid[(int)((long)i * (grid.Length - 1) / Math.Max(1, count - 1))]);
    }
}
