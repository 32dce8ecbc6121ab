using HwNas.Core.Pareto;
using HwNas.Core.Spaces;

namespace HwNas.Core.Search.Strategies;

/// <summary>
/// NSGA-II (Deb et al. 2002) with constraint domination, and with operators for categorical genes: uniform crossover
/// and uniform resampling. Ours: no network is evaluated twice, and the population is an eighth of the evaluations, so that
/// few evaluations see several generations.
/// </summary>
internal sealed class NsgaII : ISearchStrategy
{
    private const double CrossoverProbability = 0.9;

    private readonly Random _random;
    private readonly Variation _variation;
    private readonly Novelty _novelty;
    private readonly int _size;
    private readonly double _resampleProbability;
    private List<Candidate> _population = [];
    private CrowdedOrder _order = new([]);
    private bool _isFirst = true;

    public NsgaII(StrategyContext context)
    {
        _random = context.Random;
        _variation = new Variation(context.Problem.Space, context.Random);
        _novelty = new Novelty(context);
        _size = Math.Clamp(context.Evaluations / 8, 12, 100);
        _resampleProbability = 1.0 / context.Problem.Space.Genes.Length;
        Tell([.. context.BestKnown(_size)]);
    }

    public IReadOnlyList<Genome> Ask(IReadOnlyList<Genome> pending)
    {
        if (pending.Count > 0)
            return [];
        Survive();

        // Under limits a third of the first generation comes from beyond them, whatever is known.
        var beyond = _isFirst ? _novelty.FromBeyond(_size / 3) : [];
        _isFirst = false;
        var others = _size - beyond.Count;
        return
        [
            .. beyond,
            .. _population.Count < _size
                ? _novelty.Random(Math.Max(0, others - _population.Count))
                : _novelty.Children(others, Child),
        ];
    }

    public void Tell(IReadOnlyList<Candidate> candidates) => _population.AddRange(candidates);

    private void Survive()
    {
        var order = new CrowdedOrder(_population);
        if (_population.Count > _size)
        {
            _population = order.Best(_size).ConvertAll(i => _population[i]);
            order = new CrowdedOrder(_population);
        }

        _order = order;
    }

    private Genome Child(int attempt) =>
        _variation.CrossAndResample(Parent(), Parent(), CrossoverProbability, _resampleProbability);

    // Binary tournament.
    private Genome Parent()
    {
        var (a, b) = (_random.Next(_population.Count), _random.Next(_population.Count));
        return _population[_order.IsBetter(a, b) ? a : b].Genome;
    }
}
