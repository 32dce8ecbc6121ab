using HwNas.Core.Pareto;
using HwNas.Core.Spaces;

namespace HwNas.Core.Search.Strategies;

/// <summary>
/// Large-scale evolution (Real et al. 2017): draw two of the population; the worse dies, the better is copied with one
/// mutation. A few tournaments at a time stand for its workers. Ours: no network is evaluated twice, and the population is an
/// eighth of the evaluations (the paper has 1000), so that few evaluations see several generations.
/// </summary>
internal sealed class TournamentEvolution : ISearchStrategy
{
    private const int Workers = 8;

    private readonly Random _random;
    private readonly Variation _variation;
    private readonly Novelty _novelty;
    private readonly int _size;
    private readonly List<Candidate> _population = [];

    public TournamentEvolution(StrategyContext context)
    {
        _random = context.Random;
        _variation = new Variation(context.Problem.Space, context.Random);
        _novelty = new Novelty(context);
        _size = Math.Clamp(context.Evaluations / 8, 12, 100);
        _population.AddRange(context.BestKnown(_size));
    }

    public IReadOnlyList<Genome> Ask(IReadOnlyList<Genome> pending)
    {
        var missing = _size - _population.Count - pending.Count;
        if (missing > 0 || _population.Count < 2)
            return _novelty.Random(Math.Max(1, missing));

        // The dead leave at once, so that every tournament of the batch has two living candidates.
        var order = new CrowdedOrder([.. _population]);
        var living = Enumerable.Range(0, _population.Count).ToList();
        var parents = new List<Genome>();
        for (var i = 0; i < Workers && living.Count >= 2; i++)
        {
            var first = _random.Next(living.Count);
            var second = (first + 1 + _random.Next(living.Count - 1)) % living.Count;
            var (better, worse) = order.IsBetter(living[first], living[second]) ? (first, second) : (second, first);
            parents.Add(_population[living[better]].Genome);
            living.RemoveAt(worse);
        }

        var survivors = living.ConvertAll(i => _population[i]);
        _population.Clear();
        _population.AddRange(survivors);
        var next = 0;
        return _novelty.Children(parents.Count, attempt =>
            _variation.Mutate(parents[attempt == 0 ? next++ : next - 1], genes: 1 + (attempt / 6)));
    }

    public void Tell(IReadOnlyList<Candidate> candidates) => _population.AddRange(candidates);
}
