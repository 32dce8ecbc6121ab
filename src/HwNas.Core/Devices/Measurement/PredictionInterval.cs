using MathNet.Numerics.Distributions;

namespace HwNas.Core.Devices.Measurement;

/// <summary>
/// How far the time of one more network may lie from its prediction: Student's t on the relative errors of networks
/// that the prediction did not know.
/// </summary>
public static class PredictionInterval
{
    /// <summary>Half the width of the 95 % interval, in percent of the prediction.</summary>
    /// <param name="nets">Predicted and measured times of networks that were not fitted.</param>
    public static double HalfWidthPercent(IReadOnlyCollection<(double PredictedUs, double MeasuredUs)> nets)
    {
        var errors = nets.Select(net => 100 * ((net.MeasuredUs / net.PredictedUs) - 1)).ToList();
        var rms = Math.Sqrt(errors.Average(error => error * error));
        return rms * Quantile(0.95, errors.Count) * Math.Sqrt(1 + (1.0 / errors.Count));
    }

    /// <summary>What a 95 % interval from so many networks is multiplied by to hold with another confidence.</summary>
    public static double Widening(double confidence, int nets) => Quantile(confidence, nets) / Quantile(0.95, nets);

    private static double Quantile(double confidence, int nets) =>
        StudentT.InvCDF(0, 1, Math.Max(1, nets - 1), (1 + confidence) / 2);
}
