namespace HwNas.Core.Pareto;

/// <summary>
/// Sorts candidates into fronts: front 0 is dominated by nothing, front 1 by front 0 only, and so on. O(n log n) for
/// two objectives; for more, each point is compared with the fronts found so far (ENS, Zhang et al. 2015).
/// </summary>
public static class NonDominatedSort
{
    /// <summary>
    /// The front of each candidate under constraint domination: those within the limits by their losses; then the
    /// others by their violation, equal violations on one front.
    /// </summary>
    public static int[] Rank(IReadOnlyList<Candidate> candidates)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        var ranks = new int[candidates.Count];
        var feasible = new List<int>(candidates.Count);
        var others = new List<int>();
        for (var i = 0; i < candidates.Count; i++)
            (candidates[i].IsFeasible ? feasible : others).Add(i);

        var fronts = RankLosses(candidates, feasible, ranks);
        others.Sort((a, b) => candidates[a].Violation.CompareTo(candidates[b].Violation));
        for (var i = 0; i < others.Count; i++)
        {
            if (i == 0 || candidates[others[i]].Violation != candidates[others[i - 1]].Violation)
                fronts++;
            ranks[others[i]] = fronts - 1;
        }

        return ranks;
    }

    // Ranks the chosen candidates by their losses and returns the number of fronts.
    private static int RankLosses(IReadOnlyList<Candidate> candidates, List<int> chosen, int[] ranks)
    {
        if (chosen.Count == 0)
            return 0;

        // In lexicographic order nothing is dominated by what follows it.
        var order = chosen.ToArray();
        var firstLosses = Array.ConvertAll(order, i => candidates[i].Losses[0]);
        Array.Sort(firstLosses, order);
        SortTies(candidates, firstLosses, order);
        return candidates[order[0]].Losses.Length == 2
            ? RankPairs(candidates, order, ranks)
            : RankMany(candidates, order, ranks);
    }

    private static void SortTies(IReadOnlyList<Candidate> candidates, double[] firstLosses, int[] order)
    {
        for (var start = 0; start < order.Length;)
        {
            var end = start + 1;
            while (end < order.Length && firstLosses[end] == firstLosses[start])
                end++;
            if (end - start > 1)
            {
                Array.Sort(order, start, end - start, Comparer<int>.Create((a, b) =>
                    candidates[a].Losses.AsSpan().SequenceCompareTo(candidates[b].Losses.AsSpan())));
            }

            start = end;
        }
    }

    // The least second loss of each front grows with the front, so that the front of a point is found by bisection.
    private static int RankPairs(IReadOnlyList<Candidate> candidates, int[] order, int[] ranks)
    {
        var least = new List<double>();
        for (var i = 0; i < order.Length; i++)
        {
            var losses = candidates[order[i]].Losses;
            if (i > 0 && losses.AsSpan().SequenceEqual(candidates[order[i - 1]].Losses.AsSpan()))
            {
                ranks[order[i]] = ranks[order[i - 1]];
                continue;
            }

            var (low, high) = (0, least.Count);
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (least[middle] <= losses[1])
                    low = middle + 1;
                else
                    high = middle;
            }

            if (low == least.Count)
                least.Add(losses[1]);
            else
                least[low] = losses[1];
            ranks[order[i]] = low;
        }

        return least.Count;
    }

    private static int RankMany(IReadOnlyList<Candidate> candidates, int[] order, int[] ranks)
    {
        var fronts = new List<List<int>>();
        foreach (var candidate in order)
        {
            var losses = candidates[candidate].Losses;
            var front = fronts.FindIndex(members =>
                !members.Exists(m => Dominance.Dominates(candidates[m].Losses.AsSpan(), losses.AsSpan())));
            if (front < 0)
            {
                front = fronts.Count;
                fronts.Add([]);
            }

            fronts[front].Add(candidate);
            ranks[candidate] = front;
        }

        return fronts.Count;
    }
}
