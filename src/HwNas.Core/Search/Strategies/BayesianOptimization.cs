using HwNas.Core.Pareto;
using HwNas.Core.Search.Surrogates;
using HwNas.Core.Spaces;

namespace HwNas.Core.Search.Strategies;

/// <summary>
/// Bayesian optimisation: Gaussian processes of what an evaluation reveals; the networks with the greatest expected
/// hypervolume improvement are next (Emmerich et al. 2011), those of a batch one after the other, each believed to turn
/// out as expected (the Kriging believer of Ginsbourger et al. 2010, but for fitting the models anew). Ours: deviations
/// count half.
/// </summary>
internal sealed class BayesianOptimization : ISearchStrategy
{
    private const int LeastModelled = 3;
    private const int MostInitial = 16;
    private const int MostPromising = 400;
    private const double DoubtShare = 0.5;

    // Gaussian processes take cubic time.
    private const int MostKnown = 200;

    private readonly StrategyContext _context;
    private readonly int _batchSize;
    private readonly Novelty _novelty;
    private readonly CandidatePool _pool;
    private readonly ObjectiveModels _models;
    private readonly List<Candidate> _evaluated = [];
    private readonly int _initial;
    private readonly int _begun;

    public BayesianOptimization(StrategyContext context, int batchSize = 5)
    {
        _context = context;
        _batchSize = batchSize;
        _novelty = new Novelty(context);
        _pool = new CandidatePool(context);
        _models = new ObjectiveModels(context.Problem);
        _initial = Math.Clamp(context.Evaluations / 4, LeastModelled, MostInitial);
        _evaluated.AddRange(context.BestKnown(MostKnown));
        _begun = _evaluated.Count;
    }

    public IReadOnlyList<Genome> Ask(IReadOnlyList<Genome> pending)
    {
        _novelty.Add(pending);
        var known = _evaluated.Count + pending.Count;
        if (known == _begun || known < _initial || _evaluated.Count < LeastModelled || _evaluated.TrueForAll(c => c.IsInvalid))
            return InitialDesign(known);
        _models.Fit(_evaluated);
        var improvement = new ExpectedImprovement(
            _evaluated.Where(c => c.IsFeasible).Select(c => c.Losses.ToArray()), Reference());
        foreach (var genome in pending)
            improvement.Add(_models.Means(genome));
        var promising = Promising(improvement);
        var chosen = new List<Genome>(_batchSize);
        while (chosen.Count < _batchSize && promising.Count > 0)
        {
            var best = promising.MaxBy(p => p.Predicted.Feasibility * improvement.Of(p.Predicted.Means, p.Predicted.Deviations));
            chosen.Add(best.Genome);
            promising.Remove(best);
            improvement.Add(best.Predicted.Means);
        }

        return chosen;
    }

    public void Tell(IReadOnlyList<Candidate> candidates)
    {
        _evaluated.AddRange(candidates);
        _novelty.Add(candidates.Select(c => c.Genome));
    }

    // Deviations are slow to compute. Those of a few stand for all while the field is narrowed.
    private List<(Genome Genome, PredictedLosses Predicted)> Promising(ExpectedImprovement improvement)
    {
        var pool = _pool.Next(_evaluated, _novelty.IsNew);
        if (pool.Count > MostPromising)
        {
            var few = Enumerable.Range(0, 32).Select(i => Predict(pool[(int)((long)i * pool.Count / 32)]).Deviations).ToArray();
            var typical = Enumerable.Range(0, few[0].Length).Select(i => few.Average(d => d[i])).ToArray();
            var gains = pool.ConvertAll(genome => -improvement.Of(_models.Means(genome), typical)).ToArray();
            var order = pool.ToArray();
            Array.Sort(gains, order);
            pool = [.. order[..MostPromising]];
        }

        return pool.ConvertAll(genome => (genome, Predict(genome)));
    }

    // Fewer evaluations go astray with a part of the doubt than with all of it.
    private PredictedLosses Predict(Genome genome)
    {
        var predicted = _models.Predict(genome);
        return predicted with { Deviations = Array.ConvertAll(predicted.Deviations, d => DoubtShare * d) };
    }

    // The corners come first whatever is known: that may all lie in one place.
    private List<Genome> InitialDesign(int known)
    {
        List<Genome> corners =
        [
            .. CoarseGrid.Corners(_context.Problem.Space)
                .Distinct()
                .Where(g => _novelty.IsNew(g) && _context.Problem.KeepsKnownLimits(g))
                .Take(_initial / 4),
            .. _novelty.FromBeyond(_initial / 4),
        ];
        return [.. corners, .. _novelty.Random(Math.Max(1, _initial - known - corners.Count))];
    }

    // The user's, or a tenth of the range beyond the worst of the front; of a limited cost beyond the limit, for what is
    // dearer than the front must count where it may be better.
    private double[] Reference()
    {
        if (!_context.Reference.IsEmpty)
            return [.. _context.Reference];
        var feasible = _evaluated.FindAll(c => c.IsFeasible);
        var front = feasible.Count > 0
            ? (IReadOnlyList<Candidate>)ParetoFront.Of(feasible)
            : _evaluated.FindAll(c => !c.IsInvalid);
        return [.. _context.Problem.Objectives.Select((objective, i) =>
        {
            var limit = _context.Problem.Limits.Where(l => l.Metric == objective.Name)
                .Select(l => objective.ToLoss(l.Bound))
                .DefaultIfEmpty(double.NegativeInfinity).Max();
            var (least, most) = (front.Min(c => c.Losses[i]), Math.Max(limit, front.Max(c => c.Losses[i])));
            return most + (0.1 * Math.Max(most - least, 1e-9 * Math.Abs(most) + 1e-12));
        })];
    }
}
