using HwNas.Core.Pareto;
using HwNas.Core.Spaces;

namespace HwNas.Core.Search.Strategies;

/// <summary>
/// Regularised evolution (Real et al. 2018): of a random sample of the population the best is copied with one mutation;
/// the oldest dies. With several objectives the best is that of the lowest front, then the loneliest.
/// Ours: no network is evaluated twice, and the population is an eighth of the evaluations (the paper has 100), so that few
/// evaluations see several generations.
/// </summary>
internal sealed class RegularisedEvolution : ISearchStrategy
{
    private const int Workers = 8;

    private readonly Random _random;
    private readonly Variation _variation;
    private readonly Novelty _novelty;
    private readonly int _size;
    private readonly int _sample;
    private readonly Queue<Candidate> _population = [];

    public RegularisedEvolution(StrategyContext context)
    {
        _random = context.Random;
        _variation = new Variation(context.Problem.Space, context.Random);
        _novelty = new Novelty(context);
        _size = Math.Clamp(context.Evaluations / 8, 12, 100);
        _sample = Math.Max(2, _size / 4);

        // The worst of what is known count as the oldest.
        Tell([.. context.BestKnown(_size).Reverse()]);
    }

    public IReadOnlyList<Genome> Ask(IReadOnlyList<Genome> pending)
    {
        if (_population.Count < _size)
            return _novelty.Random(Math.Max(1, _size - _population.Count - pending.Count));
        Candidate[] population = [.. _population];
        var order = new CrowdedOrder(population);
        return _novelty.Children(
            Workers, attempt => _variation.Mutate(population[BestOfSample(order)].Genome, genes: 1 + (attempt / 6)));
    }

    public void Tell(IReadOnlyList<Candidate> candidates)
    {
        foreach (var candidate in candidates)
        {
            _population.Enqueue(candidate);
            if (_population.Count > _size)
                _population.Dequeue();
        }
    }

    private int BestOfSample(CrowdedOrder order)
    {
        var best = _random.Next(_size);
        for (var i = 1; i < _sample; i++)
        {
            var other = _random.Next(_size);
            if (order.IsBetter(other, best))
                best = other;
        }

        return best;
    }
}
