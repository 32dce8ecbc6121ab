using MathNet.Numerics.LinearAlgebra;

namespace HwNas.Core.Predictors;

/// <summary>Ridge regression on centred masked one-hot features, fitted by a <see cref="RidgeDesign"/>.</summary>
internal sealed class RidgeModel(RidgeDesign design, double[] weights, double intercept, RidgeErrors errors) : PredictorModel
{
    private readonly Vector<double> _precisions = design.Precisions(errors.Penalty);
    private readonly Func<byte[], double> _mean = new LinearMean(intercept, [.. weights]).Compile(design.Features);

    /// <summary>The chosen penalty λ.</summary>
    public double Penalty => errors.Penalty;

    /// <summary>Root mean square of the leave-one-out residuals at <see cref="Penalty"/>.</summary>
    public double LeaveOneOutRmse => errors.LeaveOneOutRmse;

    public static RidgeModel Fit(GenomeFeatures features, byte[][] states, double[] values) => new RidgeDesign(features, states).Fit(values);

    /// <summary>What a gene in a state adds to the prediction.</summary>
    public double EffectOf(int gene, int state) => design.Features.FeatureOf(gene, state) is var feature and >= 0 ? weights[feature] : 0;

    public override double Mean(byte[] states) => _mean(states);

    public override LinearMean ToMean() => new(intercept, [.. weights]);

    public override Prediction Predict(byte[] states) =>
        new(Mean(states), Math.Sqrt(errors.NoiseVariance * (1 + design.Leverage(states, _precisions))));
}
