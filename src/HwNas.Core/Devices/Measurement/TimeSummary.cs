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
public sealed record TimeSummary(int Samples, int Outliers, double MedianUs, double MeanUs, double P90Us, double CiLowUs, double CiHighUs)
{
    private const double NormalQuantile975 = 1.959964;

    /// <summary>Half the width of the confidence interval as a share of the median.</summary>
    public double RelativeHalfWidth => (CiHighUs - CiLowUs) / (2 * MedianUs);

    /// <summary>Summarises at least one sample.</summary>
    public static TimeSummary Of(IReadOnlyList<double> valuesUs)
    {
        ArgumentNullException.ThrowIfNull(valuesUs);
        ArgumentOutOfRangeException.ThrowIfZero(valuesUs.Count, nameof(valuesUs));
        double[] sorted = [.. valuesUs.Order()];
        var fence = Quantile(sorted, 0.75) + (1.5 * (Quantile(sorted, 0.75) - Quantile(sorted, 0.25)));
        var outliers = sorted.Count(value => value > fence);
        // The median's interval by order statistics: no assumption about the distribution.
        var reach = NormalQuantile975 * Math.Sqrt(sorted.Length) / 2;
        var middle = (sorted.Length - 1) / 2.0;
        return new TimeSummary(
            sorted.Length,
            outliers,
            Quantile(sorted, 0.5),
            sorted.Take(sorted.Length - outliers).Average(),
            Quantile(sorted, 0.9),
            sorted[Math.Max(0, (int)Math.Floor(middle - reach))],
            sorted[Math.Min(sorted.Length - 1, (int)Math.Ceiling(middle + reach))]);
    }

    /// <summary>Median of at least one value.</summary>
    public static double Median(IEnumerable<double> values) => Quantile([.. values.Order()], 0.5);

    // Linear interpolation between the closest ranks.
    internal static double Quantile(double[] sorted, double share)
    {
        var position = share * (sorted.Length - 1);
        var below = (int)position;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((position - below) * (sorted[above] - sorted[below]));
    }
}
