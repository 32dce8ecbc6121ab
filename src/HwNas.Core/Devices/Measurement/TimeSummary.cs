using HwNas.Core.Statistics;
using MathNet.Numerics.Distributions;

namespace HwNas.Core.Devices.Measurement;

/// <summary>What a series of times says.</summary>
/// <param name="Samples">Number of samples.</param>
/// <param name="Outliers">Samples above the upper fence (third quartile + 1.5 interquartile ranges); they are left out
/// of the mean, and of nothing else. There is no lower fence: nothing makes a run faster than it is.</param>
/// <param name="MedianUs">Median.</param>
/// <param name="MeanUs">Mean without the outliers.</param>
/// <param name="P90Us">90th percentile.</param>
/// <param name="CiLowUs">Lower end of the median's 95 % confidence interval.</param>
/// <param name="CiHighUs">Upper end of it.</param>
public sealed record TimeSummary(
    int Samples, int Outliers, double MedianUs, double MeanUs, double P90Us, double CiLowUs, double CiHighUs)
{
    private static readonly double NormalQuantile975 = Normal.InvCDF(0, 1, 0.975);

    /// <summary>Half the width of the confidence interval as a share of the median.</summary>
    public double RelativeHalfWidth => (CiHighUs - CiLowUs) / (2 * MedianUs);

    /// <summary>Summarises at least one sample.</summary>
    public static TimeSummary Of(IReadOnlyList<double> valuesUs)
    {
        ArgumentNullException.ThrowIfNull(valuesUs);
        ArgumentOutOfRangeException.ThrowIfZero(valuesUs.Count, nameof(valuesUs));
        double[] sorted = [.. valuesUs.Order()];
        var fence =
            Quantiles.OfSorted(sorted, 0.75) + (1.5 * (Quantiles.OfSorted(sorted, 0.75) - Quantiles.OfSorted(sorted, 0.25)));
        var outliers = sorted.Count(value => value > fence);
        // The median's interval by order statistics: no assumption about the distribution.
        var reach = NormalQuantile975 * Math.Sqrt(sorted.Length) / 2;
        var middle = (sorted.Length - 1) / 2.0;
        return new TimeSummary(
            sorted.Length,
            outliers,
            Quantiles.OfSorted(sorted, 0.5),
            sorted.Take(sorted.Length - outliers).Average(),
            Quantiles.OfSorted(sorted, 0.9),
            sorted[Math.Max(0, (int)Math.Floor(middle - reach))],
            sorted[Math.Min(sorted.Length - 1, (int)Math.Ceiling(middle + reach))]);
    }
}
