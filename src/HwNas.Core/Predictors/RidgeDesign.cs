using MathNet.Numerics.LinearAlgebra;

namespace HwNas.Core.Predictors;

/// <summary>
/// The part of ridge regression that depends on the samples' genomes only, shared by all values that are learned of
/// them. One eigendecomposition XᵀX = V·D·Vᵀ gives the fit and the exact leave-one-out error of every penalty λ:
/// eᵢ / (1 − hᵢ), with hᵢ = 1/n + Σⱼ z²ᵢⱼ / (dⱼ + λ) and Z = X·V.
/// </summary>
internal sealed class RidgeDesign
{
    private static readonly double[] Penalties = [.. Enumerable.Range(-20, 61).Select(power => Math.Pow(1.4, power))];

    private readonly GenomeFeatures _features;
    private readonly double[] _featureMeans;
    private readonly Matrix<double> _directions;
    private readonly Vector<double> _spectrum;
    private readonly Matrix<double> _z;

    // A column for each penalty: 1 / (dⱼ + λ), and the leverages hᵢ without their 1/n.
    private readonly Matrix<double> _precisions;
    private readonly Matrix<double> _leverages;

    public RidgeDesign(GenomeFeatures features, byte[][] states)
    {
        _features = features;
        _featureMeans = new double[features.Count];
        foreach (var one in states.SelectMany(features.OnesOf))
            _featureMeans[one] += 1.0 / states.Length;
        var x = Matrix<double>.Build.DenseOfRowVectors(states.Select(Centred));
        var decomposition = x.TransposeThisAndMultiply(x).Evd(Symmetricity.Symmetric);
        _directions = decomposition.EigenVectors;
        _spectrum = decomposition.EigenValues.Map(value => Math.Max(0, value.Real));
        _z = x * _directions;
        _precisions = Matrix<double>.Build.DenseOfColumnVectors(Penalties.Select(Precisions));
        _leverages = _z.PointwiseMultiply(_z) * _precisions;
    }

    /// <summary>The model of one value for each sample, with the penalty of the least leave-one-out error.</summary>
    public RidgeModel Fit(double[] values)
    {
        var mean = values.Average();
        var y = Vector<double>.Build.DenseOfEnumerable(values.Select(value => value - mean));
        var projections = _z.TransposeThisAndMultiply(y);
        var fitted =
            _z * Matrix<double>.Build.DenseOfColumnVectors(_precisions.EnumerateColumns().Select(projections.PointwiseMultiply));
        var errors = Enumerable.Range(0, Penalties.Length).Select(penalty => LeaveOneOutRmse(y, fitted, penalty)).ToArray();
        var best = Array.IndexOf(errors, errors.Min());
        var weights = (_directions * projections.PointwiseMultiply(_precisions.Column(best))).ToArray();
        var intercept = mean - weights.Zip(_featureMeans, (weight, featureMean) => weight * featureMean).Sum();
        return new RidgeModel(_features, weights, intercept, Penalties[best], errors[best]);
    }

    private double LeaveOneOutRmse(Vector<double> y, Matrix<double> fitted, int penalty)
    {
        var error = 0.0;
        for (var sample = 0; sample < y.Count; sample++)
        {
            var left = Math.Max(1e-9, 1 - (1.0 / y.Count) - _leverages[sample, penalty]);
            var residual = y[sample] - fitted[sample, penalty];
            error += residual * residual / (left * left);
        }

        return Math.Sqrt(error / y.Count);
    }

    private Vector<double> Precisions(double penalty) => _spectrum.Map(value => 1 / (value + penalty), Zeros.Include);

    private Vector<double> Centred(byte[] states)
    {
        var row = Vector<double>.Build.DenseOfEnumerable(_featureMeans.Select(mean => -mean));
        foreach (var one in _features.OnesOf(states))
            row[one] += 1;
        return row;
    }
}
