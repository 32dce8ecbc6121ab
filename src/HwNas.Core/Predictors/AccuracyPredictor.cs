using HwNas.Core.Spaces;

namespace HwNas.Core.Predictors;

/// <summary>
/// Predicts a value of genomes, such as their accuracy, from those evaluated so far: a <see cref="GenomeProcess"/> in which a
/// gene weighs as much as its ridge effect varies, so that genes that matter little hardly tell networks apart. Its shares,
/// length and noise have the least leave-one-out error on a part of the samples. The kernels that Bayesian optimisation
/// learns by likelihood need more samples to be as good, and are the better ones for its own choices.
/// </summary>
public sealed class AccuracyPredictor
{
    /// <summary>Fewest samples that a predictor can be fitted on.</summary>
    public const int FewestSamples = 3;

    /// <summary>Of more samples an even part is taken: the cost of a fit is cubic, and the error hardly falls any more.</summary>
    public const int MostSamples = 1_000;

    private const int SamplesForSettings = 256;
    private static readonly double[] AdditiveShares = [0, 0.9];
    private static readonly double[] Lengths = [0.3, 1, 3];
    private static readonly double[] Noises = [0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3];

    private readonly GenomeFeatures _features;
    private readonly GenomeProcess _process;

    private AccuracyPredictor(GenomeFeatures features, GenomeProcess process)
    {
        _features = features;
        _process = process;
    }

    /// <summary>Fits a predictor. Equal samples give an equal predictor.</summary>
    /// <param name="space">The genes.</param>
    /// <param name="genomes">The evaluated genomes.</param>
    /// <param name="values">Their values.</param>
    /// <exception cref="ArgumentException">There are fewer than <see cref="FewestSamples"/>, the lengths differ, or a
    /// value is not finite.</exception>
    public static AccuracyPredictor Fit(GenomeSpace space, IReadOnlyList<Genome> genomes, IReadOnlyList<double> values)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(genomes);
        ArgumentNullException.ThrowIfNull(values);
        if (genomes.Count != values.Count || genomes.Count < FewestSamples || !values.All(double.IsFinite))
        {
            throw new ArgumentException(
                $"{genomes.Count} genomes with {values.Count} values; at least {FewestSamples} genomes with one finite value "
                + "each are needed.",
                nameof(values));
        }

        if (space.Genes.IsEmpty)
            throw new ArgumentException("A space without genes has one network; there is nothing to predict.", nameof(space));

        var features = new GenomeFeatures(space);
        var chosen = GenomeProcess.EvenPart(genomes.Count, MostSamples);
        var states = Array.ConvertAll(chosen, i => features.StatesOf(genomes[i]));
        var samples = Array.ConvertAll(chosen, i => values[i]);
        return new AccuracyPredictor(features, new GenomeProcess(Kernel(features, states, samples), states, samples));
    }

    /// <summary>The predicted value.</summary>
    public double Predict(Genome genome) => _process.Mean(_features.StatesOf(genome));

    private static GenomeKernel Kernel(GenomeFeatures features, byte[][] states, double[] values)
    {
        var weights = GeneWeights(features, states, RidgeModel.Fit(features, states, values));
        var chosen = GenomeProcess.EvenPart(states.Length, SamplesForSettings);
        var (part, partValues) = (Array.ConvertAll(chosen, i => states[i]), Array.ConvertAll(chosen, i => values[i]));
        var kernels =
            from share in AdditiveShares
            from length in Lengths
            from noise in Noises
            select GenomeKernel.Of(weights, share, length, noise);
        return kernels.MinBy(kernel => new GenomeProcess(kernel, part, partValues).LeaveOneOutRmse())!;
    }

    // Weights that sum to 1; a twentieth is spread evenly, so that no gene is overlooked.
    private static double[] GeneWeights(GenomeFeatures features, byte[][] states, RidgeModel ridge)
    {
        var spreads = Enumerable.Range(0, features.Genes).Select(gene =>
        {
            var effects = Array.ConvertAll(states, s => ridge.EffectOf(gene, s[gene]));
            var mean = effects.Average();
            return Math.Sqrt(effects.Average(effect => (effect - mean) * (effect - mean)));
        }).ToArray();
        var total = spreads.Sum();
        return Array.ConvertAll(
            spreads, spread => (total > 0 ? 0.95 * spread / total : 0.95 / spreads.Length) + (0.05 / spreads.Length));
    }
}
