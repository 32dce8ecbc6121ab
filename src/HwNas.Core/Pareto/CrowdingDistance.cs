namespace HwNas.Core.Pareto;

/// <summary>
/// The crowding distance of NSGA-II (Deb et al. 2002, section III-B): the sum over the objectives of the gap between
/// the two neighbours, relative to the front's range; infinite at the ends. Ties keep the order of the front.
/// </summary>
public static class CrowdingDistance
{
    /// <summary>The distance of each member of one front.</summary>
    public static double[] Of(IReadOnlyList<Candidate> front)
    {
        ArgumentNullException.ThrowIfNull(front);
        var distances = new double[front.Count];
        if (front.Count == 0)
            return distances;

        var order = new int[front.Count];
        var losses = new double[front.Count];
        for (var objective = 0; objective < front[0].Losses.Length; objective++)
        {
            for (var i = 0; i < order.Length; i++)
            {
                order[i] = i;
                losses[i] = front[i].Losses[objective];
            }

            SortStable(losses, order);
            distances[order[0]] = distances[order[^1]] = double.PositiveInfinity;
            var range = losses[^1] - losses[0];
            if (!(range > 0))
                continue;
            for (var i = 1; i < order.Length - 1; i++)
                distances[order[i]] += (losses[i + 1] - losses[i - 1]) / range;
        }

        return distances;
    }

    private static void SortStable(double[] losses, int[] order)
    {
        Array.Sort(losses, order);
        for (var start = 0; start < order.Length;)
        {
            var end = start + 1;
            while (end < order.Length && losses[end] == losses[start])
                end++;
            Array.Sort(order, start, end - start);
            start = end;
        }
    }
}
