using HwNas.Core.Pareto;
using HwNas.Core.Search.Strategies;
using HwNas.Core.Spaces;

namespace HwNas.Core.Search.Surrogates;

/// <summary>
/// The networks that a model is asked about: all of a small space; of a large one the neighbours and crossings of the
/// front, and some at random.
/// </summary>
internal sealed class CandidatePool
{
    private const int EnumerableNetworks = 10_000;
    private const int Parents = 40;
    private const int Mutants = 1_500;
    private const int Crossings = 1_000;
    private const int Strangers = 300;

    private readonly StrategyContext _context;
    private readonly Variation _variation;
    private readonly FeasibleSampler _sampler;
    private readonly List<Genome>? _all;

    public CandidatePool(StrategyContext context)
    {
        _context = context;
        _variation = new Variation(context.Problem.Space, context.Random);
        _sampler = new FeasibleSampler(context.Problem, context.Random);
        if (context.Problem.Space.Count <= EnumerableNetworks)
            _all = [.. context.Problem.Space.Enumerate().Where(context.Problem.KeepsKnownLimits)];
    }

    public List<Genome> Next(IReadOnlyList<Candidate> evaluated, Func<Genome, bool> isNew)
    {
        if (_all is not null)
            return _all.FindAll(genome => isNew(genome));
        var parents = new CrowdedOrder(evaluated).Best(Parents).ConvertAll(i => evaluated[i].Genome);
        var random = _context.Random;
        var pool = new HashSet<Genome>(_sampler.NextDistinct(Strangers, isNew));
        for (var i = 0; i < Mutants; i++)
            Add(_variation.Mutate(parents[random.Next(parents.Count)], 1 + random.Next(3)));
        for (var i = 0; i < Crossings; i++)
        {
            Add(_variation.CrossAndResample(
                parents[random.Next(parents.Count)], parents[random.Next(parents.Count)], 1,
                1.0 / _context.Problem.Space.Genes.Length));
        }

        return [.. pool];

        void Add(Genome genome)
        {
            if (isNew(genome) && _context.Problem.KeepsKnownLimits(genome))
                pool.Add(genome);
        }
    }
}
