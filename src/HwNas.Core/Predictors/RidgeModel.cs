namespace HwNas.Core.Predictors;

/// <summary>
/// Ridge regression on centred masked one-hot features, fitted by a <see cref="RidgeDesign"/>: an intercept, and
/// what each choice of each gene adds.
/// </summary>
internal sealed class RidgeModel(
    GenomeFeatures features, double[] weights, double intercept, double penalty, double leaveOneOutRmse)
{
    /// <summary>The chosen penalty λ.</summary>
    public double Penalty => penalty;

    /// <summary>Root mean square of the leave-one-out residuals at <see cref="Penalty"/>.</summary>
    public double LeaveOneOutRmse => leaveOneOutRmse;

    public static RidgeModel Fit(GenomeFeatures features, byte[][] states, double[] values) =>
        new RidgeDesign(features, states).Fit(values);

    /// <summary>What a gene in a state adds to the prediction.</summary>
    public double EffectOf(int gene, int state) => features.FeatureOf(gene, state) is var feature and >= 0 ? weights[feature] : 0;

    /// <summary>The prediction as a function of the features.</summary>
    public LinearFunction Function => new(intercept, weights);

    public double Mean(byte[] states)
    {
        var sum = intercept;
        for (var gene = 0; gene < states.Length; gene++)
            sum += EffectOf(gene, states[gene]);
        return sum;
    }
}
