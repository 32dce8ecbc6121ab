namespace HwNas.Core.Statistics;

/// <summary>Medians and other quantiles, interpolated linearly between the closest ranks (Hyndman and Fan's type 7).</summary>
public static class Quantiles
{
    /// <summary>Median of at least one value.</summary>
    public static double Median(IEnumerable<double> values) => OfSorted([.. values.Order()], 0.5);

    /// <summary>A quantile of at least one value, given in ascending order.</summary>
    /// <param name="sorted">The values.</param>
    /// <param name="share">Which: 0.5 is the median.</param>
    public static double OfSorted(ReadOnlySpan<double> sorted, double share)
    {
        var position = share * (sorted.Length - 1);
        var below = (int)position;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((position - below) * (sorted[above] - sorted[below]));
    }
}
