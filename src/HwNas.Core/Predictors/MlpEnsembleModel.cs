namespace HwNas.Core.Predictors;

/// <summary>
/// Five perceptrons on what ridge regression leaves over, each trained without one fold of the samples: their mean
/// predicts, their errors on the folds that they never saw are the cross-validation error, and their spread tells
/// how far from the samples a genome is.
/// </summary>
internal sealed class MlpEnsembleModel : PredictorModel
{
    /// <summary>Fewer samples than this leave too little for each fold.</summary>
    public const int FewestSamples = 20;

    private const int Folds = 5;
    private const int Epochs = 100;
    private const int FewestSteps = 1_500;
    private const int MostSteps = 30_000;

    private readonly GenomeFeatures _features;
    private readonly Member[] _members;

    private MlpEnsembleModel(GenomeFeatures features, byte[][] states, double[] values, int seed)
    {
        _features = features;
        var ones = states.Select(features.OnesOf).ToArray();
        var foldOf = new int[states.Length];
        for (var sample = 0; sample < foldOf.Length; sample++)
            foldOf[sample] = sample % Folds;
        new Random(seed).Shuffle(foldOf);

        _members = [.. Enumerable.Range(0, Folds).Select(TrainMember)];
        CrossValidatedRmse = Math.Sqrt(Enumerable.Range(0, states.Length).Average(sample =>
        {
            var error = _members[foldOf[sample]].Predict(states[sample], ones[sample]) - values[sample];
            return error * error;
        }));

        Member TrainMember(int fold)
        {
            var kept = Enumerable.Range(0, states.Length).Where(sample => foldOf[sample] != fold).ToArray();
            var keptValues = kept.Select(sample => values[sample]).ToArray();
            var ridge = RidgeModel.Fit(features, [.. kept.Select(sample => states[sample])], keptValues);
            var residuals = kept.Select(sample => values[sample] - ridge.Mean(states[sample])).ToArray();
            var scale = Math.Max(1e-12, Math.Sqrt(residuals.Average(residual => residual * residual)));
            var steps = Math.Clamp(Epochs * kept.Length / 16, FewestSteps, MostSteps);
            var mlp = Mlp.Train(
                features.Count, [.. kept.Select(sample => ones[sample])], [.. residuals.Select(residual => residual / scale)], steps,
                new Random(unchecked((seed * Folds) + fold + 1)));
            return new Member(ridge, mlp, scale);
        }
    }

    /// <summary>Root mean square error of each sample by the member that never saw it.</summary>
    public double CrossValidatedRmse { get; }

    public static MlpEnsembleModel Fit(GenomeFeatures features, byte[][] states, double[] values, int seed) => new(features, states, values, seed);

    public override double Mean(byte[] states)
    {
        var ones = _features.OnesOf(states);
        return _members.Average(member => member.Predict(states, ones));
    }

    public override PredictorMean ToMean() =>
        new PerceptronMean([.. _members.Select(member => new PerceptronMean.Member(member.Ridge.ToMean(), member.Scale, [.. member.Mlp.Parameters]))]);

    public override Prediction Predict(byte[] states)
    {
        var ones = _features.OnesOf(states);
        var predictions = _members.Select(member => member.Predict(states, ones)).ToArray();
        var mean = predictions.Average();
        var spread = Math.Sqrt(predictions.Sum(p => (p - mean) * (p - mean)) / (Folds - 1));
        return new Prediction(mean, Math.Max(spread, CrossValidatedRmse));
    }

    private sealed record Member(RidgeModel Ridge, Mlp Mlp, double Scale)
    {
        public double Predict(byte[] states, int[] ones) => Ridge.Mean(states) + (Scale * Mlp.Predict(ones));
    }
}
