using HwNas.Core.Pareto;
using HwNas.Core.Predictors;
using HwNas.Core.Spaces;

namespace HwNas.Core.Search.Surrogates;

/// <summary>
/// Predicts whole candidates by ridge regression: one model of every measured metric that matters, of its value or of
/// its warped value, whichever leave-one-out explains better. Fast enough for thousands of questions an evaluation.
/// </summary>
internal sealed class RidgeSurrogate
{
    private const int MostSamples = 1_500;

    private readonly SearchProblem _problem;
    private readonly GenomeFeatures _features;
    private readonly int[] _learned;
    private readonly Dictionary<int, (LossWarp Warp, RidgeModel Ridge)> _models = [];

    public RidgeSurrogate(SearchProblem problem)
    {
        _problem = problem;
        _features = new GenomeFeatures(problem.Space);
        _learned = [.. problem.ObjectiveMetrics.Concat(problem.Limits.Select(l => problem.MetricOf(l.Metric)))
            .Distinct()
            .Where(m => !problem.IsKnown(m))];
    }

    /// <summary>Fits on the valid of some candidates, the newest where they are many.</summary>
    /// <returns>Whether there were enough.</returns>
    public bool Fit(IReadOnlyList<Candidate> evaluated)
    {
        var valid = evaluated.Where(c => !c.IsInvalid).TakeLast(MostSamples).ToArray();
        if (valid.Length < AccuracyPredictor.FewestSamples)
            return false;
        var design = new RidgeDesign(_features, Array.ConvertAll(valid, c => _features.StatesOf(c.Genome)));
        foreach (var metric in _learned)
        {
            var losses = Array.ConvertAll(valid, c => _problem.Metrics[metric].ToLoss(c.Metrics[metric]));
            _models[metric] = new[] { LossWarp.None, LossWarp.Log(losses) }
                .Select(warp => Fit(warp, design, losses))
                .MinBy(fit => fit.Unexplained).Model;
        }

        return true;
    }

    /// <summary>What a network is expected to turn out as.</summary>
    public Candidate Predict(Genome genome)
    {
        var states = _features.StatesOf(genome);
        var measured = new double[_problem.Measured.Length];
        foreach (var metric in _learned)
        {
            var (warp, ridge) = _models[metric];
            measured[metric] = _problem.Metrics[metric].ToLoss(warp.Back(new Prediction(ridge.Mean(states), 0)).Mean);
        }

        return _problem.CandidateOf(genome, measured);
    }

    private static (double Unexplained, (LossWarp, RidgeModel) Model) Fit(LossWarp warp, RidgeDesign design, double[] losses)
    {
        var values = Array.ConvertAll(losses, warp.To);
        var mean = values.Average();
        var ridge = design.Fit(values);
        var deviation = Math.Sqrt(values.Average(v => (v - mean) * (v - mean)));
        return (ridge.LeaveOneOutRmse / Math.Max(deviation, 1e-300), (warp, ridge));
    }
}
