using HwNas.Core.Spaces;

namespace HwNas.Core.Predictors;

/// <summary>
/// Predicts a value of genomes, such as their accuracy, from those evaluated so far. Fitted in several families, of
/// which the one with the least cross-validation error is kept.
/// </summary>
public sealed class AccuracyPredictor
{
    /// <summary>Fewest samples that a predictor can be fitted on.</summary>
    public const int FewestSamples = 3;

    private readonly GenomeFeatures _features;
    private readonly PredictorModel _model;

    private AccuracyPredictor(GenomeFeatures features, PredictorModel model, PredictorKind kind, IReadOnlyDictionary<PredictorKind, double> errors)
    {
        _features = features;
        _model = model;
        Kind = kind;
        CrossValidationRmse = errors;
    }

    /// <summary>The family that was kept.</summary>
    public PredictorKind Kind { get; }

    /// <summary>Cross-validation error of each family that was tried, as root mean square in the unit of the values:
    /// leave-one-out for ridge and Gaussian process, five folds for the perceptrons.</summary>
    public IReadOnlyDictionary<PredictorKind, double> CrossValidationRmse { get; }

    /// <summary>Fits a predictor. Equal samples and seed give an equal predictor.</summary>
    /// <param name="space">The genes.</param>
    /// <param name="genomes">The evaluated genomes.</param>
    /// <param name="values">Their values.</param>
    /// <param name="seed">Seeds the perceptrons.</param>
    /// <param name="kinds">The families to try; none given tries all. Families that cannot take this many samples are
    /// left out while another remains; ridge takes any.</param>
    /// <exception cref="ArgumentException">There are fewer than <see cref="FewestSamples"/>, the lengths differ, or a value is not finite.</exception>
    public static AccuracyPredictor Fit(
        GenomeSpace space, IReadOnlyList<Genome> genomes, IReadOnlyList<double> values, int seed, params PredictorKind[] kinds)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(genomes);
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(kinds);
        if (genomes.Count != values.Count || genomes.Count < FewestSamples || !values.All(double.IsFinite))
            throw new ArgumentException($"{genomes.Count} genomes with {values.Count} values; at least {FewestSamples} genomes with one finite value each are needed.", nameof(values));

        if (space.Genes.IsEmpty)
            throw new ArgumentException("A space without genes has one network; there is nothing to predict.", nameof(space));

        var features = new GenomeFeatures(space);
        var states = genomes.Select(features.StatesOf).ToArray();
        double[] samples = [.. values];
        var tried = (kinds.Length == 0 ? Enum.GetValues<PredictorKind>() : kinds).Where(kind => Takes(kind, samples.Length)).Distinct();
        var fits = tried.DefaultIfEmpty(PredictorKind.Ridge).Select(kind => FitKind(kind, features, states, samples, seed)).ToList();
        var best = fits.MinBy(fit => fit.Rmse);
        return new AccuracyPredictor(features, best.Model, best.Kind, fits.ToDictionary(fit => fit.Kind, fit => fit.Rmse));
    }

    /// <summary>The predicted value; faster than <see cref="Predict"/>.</summary>
    public double Mean(Genome genome) => _model.Mean(_features.StatesOf(genome));

    /// <summary>The predicted value with its uncertainty.</summary>
    public Prediction Predict(Genome genome) => _model.Predict(_features.StatesOf(genome));

    /// <summary>What predicts the mean, as data.</summary>
    internal PredictorMean ToMean() => _model.ToMean();

    private static bool Takes(PredictorKind kind, int samples) => kind switch
    {
        PredictorKind.GaussianProcess => samples <= GaussianProcessModel.MostSamples,
        PredictorKind.MlpEnsemble => samples >= MlpEnsembleModel.FewestSamples,
        _ => true,
    };

    private static (PredictorKind Kind, PredictorModel Model, double Rmse) FitKind(
        PredictorKind kind, GenomeFeatures features, byte[][] states, double[] values, int seed)
    {
        switch (kind)
        {
            case PredictorKind.GaussianProcess:
                var process = GaussianProcessModel.Fit(features, states, values);
                return (kind, process, process.LeaveOneOutRmse);
            case PredictorKind.MlpEnsemble:
                var ensemble = MlpEnsembleModel.Fit(features, states, values, seed);
                return (kind, ensemble, ensemble.CrossValidatedRmse);
            default:
                var ridge = RidgeModel.Fit(features, states, values);
                return (kind, ridge, ridge.LeaveOneOutRmse);
        }
    }
}
