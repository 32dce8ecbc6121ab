namespace HwNas.Core.Pareto;

/// <summary>Pareto dominance of losses, and Deb's constraint domination of candidates (NSGA-II, 2002, section VI).</summary>
public static class Dominance
{
    /// <summary>
    /// Whether <paramref name="a"/> is nowhere worse and somewhere better than <paramref name="b"/>; smaller is better.
    /// </summary>
    public static bool Dominates(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var better = false;
        for (var i = 0; i < a.Length; i++)
        {
            if (a[i] > b[i])
                return false;
            better |= a[i] < b[i];
        }

        return better;
    }

    /// <summary>Whether <paramref name="a"/> is nowhere worse than <paramref name="b"/>; smaller is better.</summary>
    public static bool WeaklyDominates(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        for (var i = 0; i < a.Length; i++)
        {
            if (a[i] > b[i])
                return false;
        }

        return true;
    }

    /// <summary>The smaller violation of the limits dominates; where both keep them, the losses decide.</summary>
    public static bool Dominates(Candidate a, Candidate b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        return a.Violation == b.Violation
            ? a.IsFeasible && Dominates(a.Losses.AsSpan(), b.Losses.AsSpan())
            : a.Violation < b.Violation;
    }
}
