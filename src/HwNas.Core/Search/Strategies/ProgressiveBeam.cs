using HwNas.Core.Pareto;
using HwNas.Core.Search.Surrogates;
using HwNas.Core.Spaces;

namespace HwNas.Core.Search.Strategies;

/// <summary>
/// Progressive search (PNAS, Liu et al. 2018) with a Pareto beam (DPP-Net, Dong et al. 2018): groups of genes are
/// unfrozen in order, resolution and depth first; at each level a surrogate ranks expansions of the beam, and the most
/// promising are evaluated. The beam is the front and what is nearest to it.
/// </summary>
internal sealed class ProgressiveBeam : ISearchStrategy
{
    private const int BeamSize = 32;
    private const int Expansions = 600;

    private readonly StrategyContext _context;
    private readonly Novelty _novelty;
    private readonly RidgeSurrogate _surrogate;
    private readonly List<int[]> _levels;
    private readonly List<Candidate> _evaluated = [];
    private readonly int _batch;

    public ProgressiveBeam(StrategyContext context)
    {
        _context = context;
        _novelty = new Novelty(context);
        _surrogate = new RidgeSurrogate(context.Problem);
        _levels = [.. Groups(context.Problem.Space)];
        _batch = Math.Clamp(context.Evaluations / 40, 16, 100);
        _evaluated.AddRange(context.Known);
    }

    // Levels share the evaluations evenly; the last one goes on to the end.
    private int Level => Math.Min(
        _levels.Count - 1, (int)((long)(_evaluated.Count - _context.Known.Length) * _levels.Count / _context.Evaluations));

    public IReadOnlyList<Genome> Ask(IReadOnlyList<Genome> pending)
    {
        if (pending.Count > 0)
            return [];
        if (_evaluated.Count == 0)
            return Start();
        var pool = Expand();
        if (pool.Count > _batch && _surrogate.Fit(_evaluated))
        {
            var predicted = pool.ConvertAll(_surrogate.Predict);
            pool = new CrowdedOrder(predicted).Best(_batch).ConvertAll(i => predicted[i].Genome);
        }

        return pool.Count > 0 ? pool[..Math.Min(pool.Count, _batch)] : _novelty.Random(_batch);
    }

    public void Tell(IReadOnlyList<Candidate> candidates)
    {
        _evaluated.AddRange(candidates);
        _novelty.Add(candidates.Select(c => c.Genome));
    }

    // The genes of the first level at random, all others in the middle.
    private List<Genome> Start()
    {
        var start = new HashSet<Genome>();
        for (var i = 0; i < 4 * _batch && start.Count < _batch; i++)
        {
            var choices = Array.ConvertAll([.. _context.Problem.Space.Genes], g => (byte)(g.Choices.Length / 2));
            foreach (var gene in _levels[0])
                choices[gene] = (byte)_context.Random.Next(_context.Problem.Space.Genes[gene].Choices.Length);
            var genome = _context.Problem.Space.Create(choices);
            if (_context.Problem.KeepsKnownLimits(genome))
                start.Add(genome);
        }

        return start.Count > 0 ? [.. start] : _novelty.Random(_batch);
    }

    // Members of the beam with one to three of the unfrozen genes drawn anew.
    private List<Genome> Expand()
    {
        var (space, random) = (_context.Problem.Space, _context.Random);
        var beam = new CrowdedOrder(_evaluated).Best(Math.Min(BeamSize, _evaluated.Count));
        int[] unfrozen = [.. _levels.Take(Level + 1).SelectMany(group => group)];
        var pool = new HashSet<Genome>();
        for (var i = 0; i < Expansions; i++)
        {
            var choices = _evaluated[beam[random.Next(beam.Count)]].Genome.Choices.ToArray();
            for (var change = random.Next(3); change >= 0; change--)
            {
                var gene = unfrozen[random.Next(unfrozen.Length)];
                choices[gene] = (byte)random.Next(space.Genes[gene].Choices.Length);
            }

            var genome = space.Create(choices);
            if (_novelty.IsNew(genome) && _context.Problem.KeepsKnownLimits(genome))
                pool.Add(genome);
        }

        return [.. pool];
    }

    private static IEnumerable<int[]> Groups(GenomeSpace space)
    {
        GeneKind[][] order = [[GeneKind.Resolution, GeneKind.Depth], [GeneKind.Width], [GeneKind.Kernel, GeneKind.Expansion]];
        foreach (var kinds in order)
        {
            int[] group = [.. Enumerable.Range(0, space.Genes.Length).Where(g => kinds.Contains(space.Genes[g].Kind))];
            if (group.Length > 0)
                yield return group;
        }

        // Operators, as tables have them, two at a time.
        foreach (var pair in Enumerable.Range(0, space.Genes.Length)
            .Where(g => space.Genes[g].Kind == GeneKind.Operator)
            .Chunk(2))
        {
            yield return pair;
        }
    }
}
