using HwNas.Core.Pareto;
using HwNas.Core.Search.Surrogates;
using HwNas.Core.Spaces;

namespace HwNas.Core.Search.Strategies;

/// <summary>
/// The surrogate loop (LINAS, Cummings et al. 2022): fit predictors on what is evaluated, run NSGA-II on the predicted
/// objectives, evaluate an even slice of the predicted front, repeat.
/// </summary>
internal sealed class SurrogateLoop(StrategyContext context) : ISearchStrategy
{
    private const int InnerGenerations = 12;
    private const int InnerEvaluations = 400;

    private readonly Novelty _novelty = new(context);
    private readonly RidgeSurrogate _surrogate = new(context.Problem);
    private readonly List<Candidate> _evaluated = [.. context.Known];
    private readonly int _initial = Math.Clamp(context.Evaluations / 5, 8, 200);
    private readonly int _batch = Math.Clamp(context.Evaluations / 20, 4, 64);

    public IReadOnlyList<Genome> Ask(IReadOnlyList<Genome> pending)
    {
        if (pending.Count > 0)
            return [];
        if (_evaluated.Count < _initial || !_surrogate.Fit(_evaluated))
            return _novelty.Random(_evaluated.Count < _initial ? _initial - _evaluated.Count : _batch);
        var slice = Slice(PredictedFronts(), _batch);
        return slice.Count > 0 ? slice : _novelty.Random(_batch);
    }

    public void Tell(IReadOnlyList<Candidate> candidates)
    {
        _evaluated.AddRange(candidates);
        _novelty.Add(candidates.Select(c => c.Genome));
    }

    // The new networks that the inner search found, best fronts first.
    private List<Candidate> PredictedFronts()
    {
        var inner = new NsgaII(context with { Evaluations = InnerEvaluations, Known = [] });
        Candidate[] best = [.. new CrowdedOrder(_evaluated)
            .Best(Math.Min(_evaluated.Count, InnerEvaluations / 8))
            .Select(i => _evaluated[i])];
        inner.Tell([.. best.Select(c => _surrogate.Predict(c.Genome))]);
        var predicted = new List<Candidate>();
        for (var generation = 0; generation < InnerGenerations; generation++)
        {
            Candidate[] children = [.. inner.Ask([]).Select(_surrogate.Predict)];
            inner.Tell(children);
            predicted.AddRange(children.Where(c => _novelty.IsNew(c.Genome)));
        }

        var order = new CrowdedOrder(predicted);
        return order.Best(Math.Min(predicted.Count, 2 * _batch)).ConvertAll(i => predicted[i]);
    }

    // Evenly along the first objective.
    private static List<Genome> Slice(List<Candidate> candidates, int count)
    {
        Candidate[] sorted = [.. candidates.DistinctBy(c => c.Genome).OrderBy(c => c.Losses[0])];
        var size = Math.Min(count, sorted.Length);
        return [.. Enumerable.Range(0, size).Select(i => sorted[(int)((i + 0.5) * sorted.Length / size)].Genome)];
    }
}
