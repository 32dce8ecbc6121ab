using HwNas.Core.Metrics;
using HwNas.Core.Pareto;
using HwNas.Core.Predictors;
using HwNas.Core.Spaces;
using MathNet.Numerics.Distributions;

namespace HwNas.Core.Search.Surrogates;

/// <summary>What is believed of a network that was not evaluated.</summary>
/// <param name="Means">Expected losses.</param>
/// <param name="Deviations">Their standard deviations; 0 for known costs.</param>
/// <param name="Feasibility">Probability of being a valid network within the limits.</param>
internal readonly record struct PredictedLosses(double[] Means, double[] Deviations, double Feasibility);

/// <summary>
/// Models of everything that an evaluation reveals and that matters: the objectives, limited metrics, and
/// whether a network is valid at all.
/// </summary>
internal sealed class ObjectiveModels
{
    private readonly SearchProblem _problem;
    private readonly GenomeFeatures _features;
    private readonly Dictionary<int, MetricModel> _models;
    private MetricModel? _validity;

    public ObjectiveModels(SearchProblem problem)
    {
        _problem = problem;
        _features = new GenomeFeatures(problem.Space);
        var limited = problem.Limits.Select(l => problem.MetricOf(l.Metric));
        _models = problem.ObjectiveMetrics.Concat(limited)
            .Distinct()
            .Where(m => !problem.IsKnown(m))
            .ToDictionary(m => m, _ => new MetricModel(isWarped: true));
    }

    /// <summary>Fits all models; at least one candidate must be valid.</summary>
    public void Fit(IReadOnlyList<Candidate> evaluated)
    {
        var states = evaluated.Select(c => _features.StatesOf(c.Genome)).ToArray();
        if (evaluated.Any(c => c.IsInvalid))
            (_validity ??= new MetricModel(isWarped: false)).Fit(states, [.. evaluated.Select(c => c.IsInvalid ? 0.0 : 1.0)]);
        byte[][] valid = [.. states.Where((_, i) => !evaluated[i].IsInvalid)];
        foreach (var (metric, model) in _models)
        {
            model.Fit(
                valid, [.. evaluated.Where(c => !c.IsInvalid).Select(c => _problem.Metrics[metric].ToLoss(c.Metrics[metric]))]);
        }
    }

    /// <summary>The expected losses of a network; much faster than their deviations.</summary>
    public double[] Means(Genome genome) => Predict(genome, (model, states) => new Prediction(model.Mean(states), 0)).Means;

    public PredictedLosses Predict(Genome genome) => Predict(genome, (model, states) => model.Predict(states));

    private PredictedLosses Predict(Genome genome, Func<MetricModel, byte[], Prediction> predict)
    {
        var states = _features.StatesOf(genome);
        Span<double> costs = stackalloc double[_problem.Costs.Costs.Length];
        _problem.Costs.Compute(genome.Choices, costs);
        var predictions = new Dictionary<int, Prediction>(_models.Count);
        foreach (var (metric, model) in _models)
            predictions[metric] = predict(model, states);

        var (means, deviations) = (new double[_problem.Objectives.Length], new double[_problem.Objectives.Length]);
        for (var i = 0; i < means.Length; i++)
        {
            var metric = _problem.ObjectiveMetrics[i];
            (means[i], deviations[i]) = _problem.IsKnown(metric)
                ? (_problem.LossOf(i, _problem.Objectives[i].ToLoss(costs[metric - _problem.Measured.Length])), 0)
                : (predictions[metric].Mean, predictions[metric].StandardDeviation);
        }

        return new PredictedLosses(means, deviations, Feasibility(states, predictions));
    }

    private double Feasibility(byte[] states, Dictionary<int, Prediction> predictions)
    {
        var probability = _validity is null ? 1 : Math.Clamp(_validity.Mean(states), 0.01, 1);
        foreach (var limit in _problem.Limits)
        {
            var metric = _problem.MetricOf(limit.Metric);
            if (_problem.IsKnown(metric))
                continue;
            var direction = _problem.Metrics[metric];
            var room = direction.ToLoss(limit.Bound) - predictions[metric].Mean;
            if (limit.Kind == LimitKind.AtMost != (direction.Direction == Direction.Minimize))
                room = -room;
            probability *= Math.Max(1e-6, Normal.CDF(0, 1, room / Math.Max(1e-12, predictions[metric].StandardDeviation)));
        }

        return probability;
    }
}
