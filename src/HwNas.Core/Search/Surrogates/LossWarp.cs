using HwNas.Core.Predictors;

namespace HwNas.Core.Search.Surrogates;

/// <summary>
/// Stretches losses near the best and squeezes the hopeless ones: the logarithm of the distance to a little better than
/// the best, so that a model spends its accuracy where fronts lie. Or leaves them as they are.
/// </summary>
/// <param name="Offset">What is added before the logarithm is taken; NaN takes none.</param>
internal readonly record struct LossWarp(double Offset)
{
    public static LossWarp None { get; } = new(double.NaN);

    // The margin beyond the best, relative to the width of the better half. Smaller ones stretch the best too far:
    // on NAS-Bench-Macro 0.5 to 1 are alike, 0.1 and 2 are worse.
    private const double Margin = 0.7;

    private bool IsLog => !double.IsNaN(Offset);

    /// <summary>The logarithmic warp for some losses.</summary>
    public static LossWarp Log(double[] losses)
    {
        var sorted = losses.Order().ToArray();
        var width = sorted[sorted.Length / 2] - sorted[0];
        return width > 0 ? new LossWarp((Margin * width) - sorted[0]) : None;
    }

    public double To(double loss) => IsLog ? Math.Log(loss + Offset) : loss;

    /// <summary>A prediction in losses; that of a logarithm is log-normal.</summary>
    public Prediction Back(Prediction warped)
    {
        if (!IsLog)
            return warped;
        var variance = Math.Min(1, warped.StandardDeviation * warped.StandardDeviation);
        var mean = Math.Exp(warped.Mean + (variance / 2));
        return new Prediction(mean - Offset, mean * Math.Sqrt(Math.Exp(variance) - 1));
    }
}
