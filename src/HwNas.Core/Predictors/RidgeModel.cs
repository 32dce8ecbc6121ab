using MathNet.Numerics.LinearAlgebra;

namespace HwNas.Core.Predictors;

/// <summary>
/// Ridge regression on centred masked one-hot features. One eigendecomposition XᵀX = V·D·Vᵀ gives the fit and the exact
/// leave-one-out error of every penalty λ: eᵢ / (1 − hᵢ), with hᵢ = 1/n + Σⱼ z²ᵢⱼ / (dⱼ + λ) and Z = X·V.
/// </summary>
internal sealed class RidgeModel : PredictorModel
{
    private readonly GenomeFeatures _features;
    private readonly double[] _featureMeans;
    private readonly Matrix<double> _directions;
    private readonly Vector<double> _precisions;
    private readonly double[] _weights;
    private readonly double _intercept;
    private readonly Func<byte[], double> _mean;
    private readonly double _noiseVariance;
    private readonly int _samples;

    private RidgeModel(GenomeFeatures features, byte[][] states, double[] values)
    {
        _features = features;
        _samples = states.Length;
        _featureMeans = new double[features.Count];
        foreach (var one in states.SelectMany(features.OnesOf))
            _featureMeans[one] += 1.0 / _samples;

        var mean = values.Average();
        var y = Vector<double>.Build.DenseOfEnumerable(values.Select(value => value - mean));
        var x = Matrix<double>.Build.DenseOfRowVectors(states.Select(Centred));
        var decomposition = x.TransposeThisAndMultiply(x).Evd(Symmetricity.Symmetric);
        _directions = decomposition.EigenVectors;
        var spectrum = decomposition.EigenValues.Map(value => Math.Max(0, value.Real));
        var z = x * _directions;
        var choice = new PenaltyChoice(spectrum, z, y);

        (Penalty, LeaveOneOutRmse, _noiseVariance) = choice.Best();
        _precisions = choice.Precisions(Penalty);
        var weights = _directions * z.TransposeThisAndMultiply(y).PointwiseMultiply(_precisions);
        _weights = weights.ToArray();
        _intercept = mean - _weights.Zip(_featureMeans, (weight, featureMean) => weight * featureMean).Sum();
        _mean = ToMean().Compile(features);
    }

    /// <summary>The chosen penalty λ.</summary>
    public double Penalty { get; }

    /// <summary>Root mean square of the leave-one-out residuals at <see cref="Penalty"/>.</summary>
    public double LeaveOneOutRmse { get; }

    public static RidgeModel Fit(GenomeFeatures features, byte[][] states, double[] values) => new(features, states, values);

    /// <summary>What a gene in a state adds to the prediction.</summary>
    public double EffectOf(int gene, int state) => _features.FeatureOf(gene, state) is var feature and >= 0 ? _weights[feature] : 0;

    public override double Mean(byte[] states) => _mean(states);

    public override LinearMean ToMean() => new(_intercept, [.. _weights]);

    public override Prediction Predict(byte[] states)
    {
        var z = _directions.TransposeThisAndMultiply(Centred(states));
        var leverage = (1.0 / _samples) + z.PointwiseMultiply(z).DotProduct(_precisions);
        return new Prediction(Mean(states), Math.Sqrt(_noiseVariance * (1 + leverage)));
    }

    private Vector<double> Centred(byte[] states)
    {
        var row = Vector<double>.Build.DenseOfEnumerable(_featureMeans.Select(mean => -mean));
        foreach (var one in _features.OnesOf(states))
            row[one] += 1;
        return row;
    }

    // The leave-one-out errors of all penalties, from one decomposition.
    private sealed class PenaltyChoice(Vector<double> spectrum, Matrix<double> z, Vector<double> y)
    {
        private readonly Matrix<double> _squares = z.PointwiseMultiply(z);
        private readonly Vector<double> _projections = z.TransposeThisAndMultiply(y);

        public Vector<double> Precisions(double penalty) => spectrum.Map(value => 1 / (value + penalty), Zeros.Include);

        public (double Penalty, double Rmse, double NoiseVariance) Best() =>
            Enumerable.Range(-20, 61).Select(power => Errors(Math.Pow(1.4, power))).MinBy(errors => errors.Rmse);

        // e² / (1 − h) estimates the noise where e² / (1 − h)² estimates the error of predictions.
        private (double Penalty, double Rmse, double NoiseVariance) Errors(double penalty)
        {
            var precisions = Precisions(penalty);
            var residuals = y - (z * _projections.PointwiseMultiply(precisions));
            var leverages = _squares * precisions;
            var (error, noise) = (0.0, 0.0);
            for (var sample = 0; sample < y.Count; sample++)
            {
                var left = Math.Max(1e-9, 1 - (1.0 / y.Count) - leverages[sample]);
                var residual = residuals[sample];
                error += residual * residual / (left * left);
                noise += residual * residual / left;
            }

            return (penalty, Math.Sqrt(error / y.Count), noise / y.Count);
        }
    }
}
