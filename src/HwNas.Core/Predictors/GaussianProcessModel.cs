using System.Collections.Immutable;

namespace HwNas.Core.Predictors;

/// <summary>
/// Gaussian process with the kernel exp(−distance / length): the distance of two genomes is the weight of the genes
/// whose states differ, and a gene weighs as much as its ridge effect varies, so that genes that matter little hardly
/// tell networks apart. Length and noise have the least leave-one-out error (closed form; Rasmussen and Williams,
/// section 5.4.2) on a part of the samples.
/// </summary>
internal sealed class GaussianProcessModel : PredictorModel
{
    /// <summary>Beyond this the cubic cost of a fit is not worth its accuracy.</summary>
    public const int MostSamples = 2000;

    private const int SamplesForSettings = 256;
    private static readonly double[] Lengths = [0.3, 1, 3];
    private static readonly double[] Noises = [0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3];

    private readonly GenomeDistance _distance;
    private readonly Cholesky _factor;
    private readonly double[] _coefficients;
    private readonly double _mean;
    private readonly double _length;
    private readonly double _noise;
    private readonly double _variance;
    private readonly double[] _weights;
    private readonly byte[][] _states;
    private readonly Func<byte[], double> _expected;

    private GaussianProcessModel(GenomeFeatures features, byte[][] states, double[] values)
    {
        _mean = values.Average();
        var centred = values.Select(value => value - _mean).ToArray();
        _states = states;
        _weights = GeneWeights(features, states, RidgeModel.Fit(features, states, values));
        (_length, _noise) = Settings(features, _weights, states, centred);
        _distance = new GenomeDistance(features, _weights, states);
        _factor = new Cholesky(Covariance(_distance, states, _length, _noise));
        _coefficients = _factor.Solve(centred);
        LeaveOneOutRmse = Math.Sqrt(_coefficients.Zip(_factor.InverseDiagonal(), (a, inverse) => a / inverse).Average(error => error * error));
        _expected = ToMean().Compile(features);
        _variance = Math.Max(0, centred.Zip(_coefficients, (y, a) => y * a).Sum() / values.Length);
    }

    /// <summary>Root mean square of the leave-one-out residuals.</summary>
    public double LeaveOneOutRmse { get; }

    /// <exception cref="ArgumentException">There are more than <see cref="MostSamples"/> samples.</exception>
    public static GaussianProcessModel Fit(GenomeFeatures features, byte[][] states, double[] values) => states.Length <= MostSamples
        ? new GaussianProcessModel(features, states, values)
        : throw new ArgumentException($"{states.Length} samples; a Gaussian process takes at most {MostSamples}.", nameof(states));

    public override double Mean(byte[] states) => _expected(states);

    public override PredictorMean ToMean() => new KernelMean(_mean, _length, [.. _weights], [.. _coefficients], [.. _states.Select(s => s.ToImmutableArray())]);

    public override Prediction Predict(byte[] states)
    {
        var covariances = Covariances(states);
        var explained = _factor.SolveLower(covariances).Sum(v => v * v);
        var mean = _mean + covariances.Zip(_coefficients, (k, a) => k * a).Sum();
        return new Prediction(mean, Math.Sqrt(_variance * Math.Max(0, 1 + _noise - explained)));
    }

    // Weights that sum to 1; a twentieth is spread evenly, so that no gene is overlooked.
    private static double[] GeneWeights(GenomeFeatures features, byte[][] states, RidgeModel ridge)
    {
        var spreads = Enumerable.Range(0, features.Genes).Select(gene =>
        {
            var effects = states.Select(s => ridge.EffectOf(gene, s[gene])).ToArray();
            var mean = effects.Average();
            return Math.Sqrt(effects.Average(effect => (effect - mean) * (effect - mean)));
        }).ToArray();
        var total = spreads.Sum();
        return [.. spreads.Select(spread => (total > 0 ? 0.95 * spread / total : 0.95 / spreads.Length) + (0.05 / spreads.Length))];
    }

    private static (double Length, double Noise) Settings(GenomeFeatures features, double[] weights, byte[][] states, double[] centred)
    {
        // Evenly over the samples, which may come in an order, such as that of a search.
        var size = Math.Min(states.Length, SamplesForSettings);
        var chosen = Enumerable.Range(0, size).Select(i => (int)((long)i * states.Length / size)).ToArray();
        byte[][] part = [.. chosen.Select(sample => states[sample])];
        double[] values = [.. chosen.Select(sample => centred[sample])];
        var distance = new GenomeDistance(features, weights, part);
        return (from length in Lengths from noise in Noises select (length, noise)).MinBy(setting => LeaveOneOutError(setting.length, setting.noise));

        double LeaveOneOutError(double length, double noise)
        {
            var factor = new Cholesky(Covariance(distance, part, length, noise));
            return factor.Solve(values).Zip(factor.InverseDiagonal(), (a, inverse) => a / inverse).Sum(error => error * error);
        }
    }

    private static double[][] Covariance(GenomeDistance distance, byte[][] states, double length, double noise)
    {
        var rows = new double[states.Length][];
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = distance.ToFirst(states[i], i + 1);
            for (var j = 0; j <= i; j++)
                rows[i][j] = Math.Exp(-rows[i][j] / length);
            rows[i][i] = 1 + noise;
        }

        return rows;
    }

    private double[] Covariances(byte[] states)
    {
        var row = _distance.ToFirst(states, _coefficients.Length);
        for (var sample = 0; sample < row.Length; sample++)
            row[sample] = Math.Exp(-row[sample] / _length);
        return row;
    }
}
