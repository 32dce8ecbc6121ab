using HwNas.Core.Predictors;
using HwNas.Core.Spaces;

namespace HwNas.Core.Search;

/// <summary>
/// Iterated local search (Lourenço, Martin and Stützle 2003) for the network with the highest prediction within limits. The
/// tangent of the predictor tells what each change of a gene promises, and tables what it costs: of all changes of one gene
/// or two, only those that promise the most and keep the limits are predicted.
/// </summary>
internal sealed class PredictedClimb
{
    // Slopes are some promise only: changes that promise a little less than nothing are tried, too.
    private const double LeastPromise = -0.02, LeastGain = 1e-6;

    // Of a top, so many genes are drawn anew; after so many such kicks in vain another start is drawn.
    private const int KickedGenes = 5, Patience = 100;

    private const int MostTried = 12;

    private readonly SearchProblem _problem;
    private readonly NetworkPredictor _predictor;
    private readonly GenomeFeatures _features;
    private readonly FeasibleSampler _sampler;
    private readonly Random _random;
    private readonly int[] _limitCosts;
    private int _left;

    public PredictedClimb(SearchProblem problem, NetworkPredictor predictor, int seed)
    {
        (_problem, _predictor, _random) = (problem, predictor, new Random(seed));
        _features = new GenomeFeatures(problem.Space);
        _sampler = new FeasibleSampler(problem, _random);
        _limitCosts = [.. problem.Limits.Select(limit => problem.MetricOf(limit.Metric) - problem.Measured.Length)];
    }

    /// <summary>The best network that a number of predictions find; null where none was found that keeps the limits.</summary>
    public PredictedGenome? Run(int predictions, CancellationToken cancellation = default)
    {
        _left = predictions;
        PredictedGenome? best = null;
        while (_left > 0 && _sampler.Next() is { } start)
        {
            var top = Climb(At(start.Choices.ToArray()));
            for (var failures = 0; failures < Patience && _left > 0; failures++)
            {
                cancellation.ThrowIfCancellationRequested();
                if (Kicked(top) is not { } kicked || !(Climb(At(kicked)) is var next && next.Value > top.Value + LeastGain))
                    continue;
                (top, failures) = (next, -1);
            }

            if (best is null || top.Value > best.Predicted)
                best = new PredictedGenome(_problem.Space.Create(top.Choices), top.Value);
        }

        return best;
    }

    private Place At(byte[] choices)
    {
        _left--;
        var units = _predictor.FirstUnits(choices);
        return new Place(choices, units, _predictor.Output(units));
    }

    private byte[]? Kicked(Place place)
    {
        var choices = place.Choices.ToArray();
        for (var i = 0; i < KickedGenes; i++)
        {
            var gene = _random.Next(choices.Length);
            choices[gene] = (byte)_random.Next(_problem.Space.Genes[gene].Choices.Length);
        }

        return _sampler.Within(_problem.Space.Create(choices))?.Choices.ToArray();
    }

    private Place Climb(Place from)
    {
        while (_left > 0 && Higher(from) is { } next)
            from = next;
        return from;
    }

    // The first of the promising changes that keeps what it promises; null at a top.
    private Place? Higher(Place from)
    {
        var changes = ChangesOf(from);
        foreach (var (first, second) in Promising(from, changes))
        {
            var choices = changes[first].Choices.ToArray();
            if (second >= 0)
                Apply(changes[second], from, choices);
            if (_problem.KnownViolation(choices) > 0)
                continue;
            _left--;
            double[] units = [.. from.Units];
            _predictor.Move(units, from.Choices, choices);
            if (_predictor.Output(units) is var value && value > from.Value + LeastGain)
                return new Place(choices, units, value);
        }

        return null;
    }

    private void Apply(Change change, Place from, byte[] choices)
    {
        for (var gene = 0; gene < choices.Length; gene++)
        {
            if (change.Choices[gene] != from.Choices[gene])
                choices[gene] = change.Choices[gene];
        }

        _problem.Space.Canonicalize(choices);
    }

    // Every other choice of each active gene; blocks that a greater depth switches on get genes at random.
    private List<Change> ChangesOf(Place from)
    {
        var (space, effects) = (_problem.Space, _predictor.Tangent(from.Units).Effects);
        Span<double> costs = stackalloc double[_problem.Costs.Costs.Length];
        var changes = new List<Change>();
        for (var gene = 0; gene < from.Choices.Length; gene++)
        {
            for (var choice = 0; space.IsActive(from.Choices, gene) && choice < space.Genes[gene].Choices.Length; choice++)
            {
                if (choice == from.Choices[gene])
                    continue;
                var choices = from.Choices.ToArray();
                choices[gene] = (byte)choice;
                for (var other = gene + 1; other < choices.Length && space.Genes[gene].Kind == GeneKind.Depth; other++)
                {
                    if (space.IsActive(choices, other) && !space.IsActive(from.Choices, other))
                        choices[other] = (byte)_random.Next(space.Genes[other].Choices.Length);
                }

                space.Canonicalize(choices);
                _problem.Costs.Compute(choices, costs);
                var limited = new double[_limitCosts.Length];
                for (var limit = 0; limit < limited.Length; limit++)
                    limited[limit] = costs[_limitCosts[limit]];
                changes.Add(new Change(gene, choices, Promise(effects, from.Choices, choices), limited));
            }
        }

        return changes;
    }

    private double Promise(double[] effects, byte[] from, byte[] to)
    {
        var promise = 0.0;
        for (var gene = 0; gene < from.Length; gene++)
        {
            var (was, becomes) = (_problem.Space.IsActive(from, gene), _problem.Space.IsActive(to, gene));
            if (from[gene] == to[gene] && was == becomes)
                continue;
            promise += (becomes ? effects[_features.FeatureOf(gene, to[gene])] : 0)
                - (was ? effects[_features.FeatureOf(gene, from[gene])] : 0);
        }

        return promise;
    }

    // The changes alone (second −1) and in pairs that promise the most, the best first, of those that would keep the limits
    // if costs added up.
    private List<(int First, int Second)> Promising(Place from, List<Change> changes)
    {
        var costs = new double[_problem.Costs.Costs.Length];
        _problem.Costs.Compute(from.Choices, costs);
        var now = Array.ConvertAll(_limitCosts, cost => costs[cost]);
        var most = new PriorityQueue<(int, int), double>();
        for (var first = 0; first < changes.Count; first++)
        {
            for (var second = -1; second < first; second++)
            {
                var (one, other) = (changes[first], second < 0 ? null : changes[second]);
                var promise = one.Promise + (other?.Promise ?? 0);
                if (promise <= LeastPromise || one.Gene == other?.Gene || !Keeps(one, other))
                    continue;
                if (most.Count < MostTried)
                    most.Enqueue((first, second), promise);
                else
                    most.EnqueueDequeue((first, second), promise);
            }
        }

        var ordered = new List<(int, int)>();
        while (most.TryDequeue(out var pair, out _))
            ordered.Add(pair);
        ordered.Reverse();
        return ordered;

        bool Keeps(Change one, Change? other)
        {
            for (var limit = 0; limit < now.Length; limit++)
            {
                var cost = one.Costs[limit] + (other is null ? 0 : other.Costs[limit] - now[limit]);
                if (_problem.Limits[limit].ViolationOf(cost) > 0)
                    return false;
            }

            return true;
        }
    }

    private sealed record Place(byte[] Choices, double[] Units, double Value);

    // What a genome becomes, what the tangent promises for it, and its costs that are limited.
    private sealed record Change(int Gene, byte[] Choices, double Promise, double[] Costs);
}
