using HwNas.Core.Statistics;

namespace HwNas.Core.Devices.Measurement;

/// <summary>How well predictions agree with measurements of whole networks.</summary>
/// <param name="Nets">Number of networks.</param>
/// <param name="BiasPercent">Mean of the relative errors, with their sign.</param>
/// <param name="MedianErrorPercent">Median of the absolute relative errors.</param>
/// <param name="MapePercent">Mean of them.</param>
/// <param name="WorstErrorPercent">Largest of them.</param>
/// <param name="Within5Percent">Share of networks within 5 %, in percent.</param>
/// <param name="Within10Percent">Share of networks within 10 %, in percent.</param>
/// <param name="KendallTau">Rank correlation (τ-b) of predicted and measured times; 1 = the same order;
/// 0 where it is undefined.</param>
public sealed record PredictionErrors(
    int Nets,
    double BiasPercent,
    double MedianErrorPercent,
    double MapePercent,
    double WorstErrorPercent,
    double Within5Percent,
    double Within10Percent,
    double KendallTau)
{
    /// <summary>Compares at least one predicted with its measured time.</summary>
    public static PredictionErrors Of(IReadOnlyList<(double PredictedUs, double MeasuredUs)> nets)
    {
        ArgumentNullException.ThrowIfNull(nets);
        ArgumentOutOfRangeException.ThrowIfZero(nets.Count, nameof(nets));
        double[] signed = [.. nets.Select(net => 100 * ((net.PredictedUs / net.MeasuredUs) - 1))];
        double[] errors = [.. signed.Select(Math.Abs)];
        return new PredictionErrors(
            nets.Count,
            signed.Average(),
            Quantiles.Median(errors),
            errors.Average(),
            errors.Max(),
            100.0 * errors.Count(e => e <= 5) / errors.Length,
            100.0 * errors.Count(e => e <= 10) / errors.Length,
            Tau(nets));
    }

    /// <summary>Kendall's τ-b of pairs, which allows for ties; 0 where one side is constant.</summary>
    public static double Tau(IReadOnlyList<(double First, double Second)> pairs)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        return Statistics.KendallTau.Of([.. pairs.Select(pair => pair.First)], [.. pairs.Select(pair => pair.Second)]);
    }
}
