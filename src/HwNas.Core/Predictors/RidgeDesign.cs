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

    private readonly double[] _featureMeans;
    private readonly Matrix<double> _directions;
    private readonly Vector<double> _spectrum;
    private readonly Matrix<double> _z;

    // A column for each penalty: 1 / (dⱼ + λ), and the leverages hᵢ without their 1/n.
    private readonly Matrix<double> _precisions;
    private readonly Matrix<double> _leverages;

    public RidgeDesign(GenomeFeatures features, byte[][] states)
    {
        Features = features;
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

    public GenomeFeatures Features { get; }

    /// <summary>The model of one value for each sample, with the penalty of the least leave-one-out error.</summary>
    public RidgeModel Fit(double[] values)
    {
        var mean = values.Average();
        var y = Vector<double>.Build.DenseOfEnumerable(values.Select(value => value - mean));
        var projections = _z.TransposeThisAndMultiply(y);
        var fitted = _z * Matrix<double>.Build.DenseOfColumnVectors(_precisions.EnumerateColumns().Select(projections.PointwiseMultiply));
        var errors = Enumerable.Range(0, Penalties.Length).Select(penalty => Errors(y, fitted, penalty)).MinBy(e => e.LeaveOneOutRmse);
        var weights = (_directions * projections.PointwiseMultiply(Precisions(errors.Penalty))).ToArray();
        var intercept = mean - weights.Zip(_featureMeans, (weight, featureMean) => weight * featureMean).Sum();
        return new RidgeModel(this, weights, intercept, errors);
    }

    public Vector<double> Precisions(double penalty) => _spectrum.Map(value => 1 / (value + penalty), Zeros.Include);

    /// <summary>How far a network lies from the samples: its variance is that of the noise times one and this.</summary>
    public double Leverage(byte[] states, Vector<double> precisions)
    {
        var z = _directions.TransposeThisAndMultiply(Centred(states));
        return (1.0 / _z.RowCount) + z.PointwiseMultiply(z).DotProduct(precisions);
    }

    // e² / (1 − h) estimates the noise where e² / (1 − h)² estimates the error of predictions.
    private RidgeErrors Errors(Vector<double> y, Matrix<double> fitted, int penalty)
    {
        var (error, noise) = (0.0, 0.0);
        for (var sample = 0; sample < y.Count; sample++)
        {
            var left = Math.Max(1e-9, 1 - (1.0 / y.Count) - _leverages[sample, penalty]);
            var residual = y[sample] - fitted[sample, penalty];
            error += residual * residual / (left * left);
            noise += residual * residual / left;
        }

        return new RidgeErrors(Penalties[penalty], Math.Sqrt(error / y.Count), noise / y.Count);
    }

    private Vector<double> Centred(byte[] states)
    {
        var row = Vector<double>.Build.DenseOfEnumerable(_featureMeans.Select(mean => -mean));
        foreach (var one in Features.OnesOf(states))
            row[one] += 1;
        return row;
    }
}
