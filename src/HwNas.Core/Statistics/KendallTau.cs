namespace HwNas.Core.Statistics;

/// <summary>Kendall's rank correlation.</summary>
public static class KendallTau
{
    /// <summary>
    /// τ-b of two series, in O(n log n) (Knight 1966): 1 where they order all pairs alike, −1 where opposite; pairs tied
    /// in a series are corrected for. 0 where a series is constant.
    /// </summary>
    /// <exception cref="ArgumentException">The series differ in length, or hold NaN.</exception>
    public static double Of(ReadOnlySpan<double> first, ReadOnlySpan<double> second)
    {
        if (first.Length != second.Length)
            throw new ArgumentException($"{first.Length} and {second.Length} values cannot be paired.", nameof(second));
        var pairs = new (double First, double Second)[first.Length];
        for (var i = 0; i < pairs.Length; i++)
        {
            pairs[i] = (first[i], second[i]);
            if (double.IsNaN(first[i]) || double.IsNaN(second[i]))
                throw new ArgumentException($"Value {i} is NaN.", nameof(first));
        }

        // Sorted by the first series (ties by the second), the discordant pairs are the inversions of the second.
        Array.Sort(pairs);
        var all = PairsOf(pairs.Length);
        var tiedFirst = Tied(pairs, (a, b) => a.First == b.First);
        var tiedBoth = Tied(pairs, (a, b) => a == b);
        var seconds = Array.ConvertAll(pairs, pair => pair.Second);
        var discordant = SortCountingInversions(seconds, new double[seconds.Length]);
        var tiedSecond = Tied(seconds, (a, b) => a == b);

        var untied = Math.Sqrt(all - tiedFirst) * Math.Sqrt(all - tiedSecond);
        return untied > 0 ? (all - tiedFirst - tiedSecond + tiedBoth - (2.0 * discordant)) / untied : 0;
    }

    private static long PairsOf(long count) => count * (count - 1) / 2;

    // Number of tied pairs in a series whose ties are neighbours.
    private static long Tied<T>(T[] sorted, Func<T, T, bool> equal)
    {
        var tied = 0L;
        var start = 0;
        for (var i = 1; i <= sorted.Length; i++)
        {
            if (i < sorted.Length && equal(sorted[i], sorted[start]))
                continue;
            tied += PairsOf(i - start);
            start = i;
        }

        return tied;
    }

    private static long SortCountingInversions(Span<double> values, Span<double> buffer)
    {
        if (values.Length < 2)
            return 0;
        var half = values.Length / 2;
        var inversions =
            SortCountingInversions(values[..half], buffer[..half]) + SortCountingInversions(values[half..], buffer[half..]);
        var (left, right) = (0, half);
        for (var i = 0; i < values.Length; i++)
        {
            if (right == values.Length || (left < half && values[left] <= values[right]))
            {
                buffer[i] = values[left++];
            }
            else
            {
                inversions += half - left;
                buffer[i] = values[right++];
            }
        }

        buffer.CopyTo(values);
        return inversions;
    }
}
