using MathNet.Numerics.Distributions;

namespace HwNas.Core.Devices.Measurement;

/// <summary>How far a measurement may be from its prediction.</summary>
public static class PredictionInterval
{
    private const double LeastPercent = 0.5;

    /// <summary>
    /// Half the width of the 95 % interval, in percent: the prediction interval of Student's t for the logarithms of
    /// measured / predicted of at least two networks that did not take part in their own prediction, widened by their mean.
    /// </summary>
    public static double HalfWidthPercent(IEnumerable<(double PredictedUs, double MeasuredUs)> nets)
    {
        double[] errors = [.. nets.Select(net => Math.Log(net.MeasuredUs / net.PredictedUs))];
        ArgumentOutOfRangeException.ThrowIfLessThan(errors.Length, 2, nameof(nets));
        // Around zero, not around their mean: the bias of the prediction is part of its error.
        var deviation = Math.Sqrt(errors.Sum(e => e * e) / (errors.Length - 1));
        var quantile = StudentT.InvCDF(0, 1, errors.Length - 1, 0.975);
        return Math.Max(LeastPercent, 100 * (Math.Exp(quantile * deviation * Math.Sqrt(1 + (1.0 / errors.Length))) - 1));
    }
}
