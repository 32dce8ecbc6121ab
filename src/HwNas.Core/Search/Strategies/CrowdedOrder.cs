using HwNas.Core.Pareto;

namespace HwNas.Core.Search.Strategies;

/// <summary>
/// The crowded comparison of NSGA-II (Deb et al. 2002, section III-B): the lower front first, then the lonelier
/// candidate, then the earlier. With one objective it is the order of the losses.
/// </summary>
internal sealed class CrowdedOrder
{
    private readonly IReadOnlyList<Candidate> _candidates;
    private readonly int[] _ranks;
    private readonly double[] _crowding;

    public CrowdedOrder(IReadOnlyList<Candidate> candidates)
    {
        _candidates = candidates;
        _ranks = NonDominatedSort.Rank(candidates);
        _crowding = new double[candidates.Count];
        foreach (var front in Fronts())
        {
            var distances = CrowdingDistance.Of(front.ConvertAll(i => candidates[i]));
            for (var i = 0; i < distances.Length; i++)
                _crowding[front[i]] = distances[i];
        }
    }

    /// <summary>Whether the candidate at <paramref name="a"/> is before the one at <paramref name="b"/>.</summary>
    public bool IsBetter(int a, int b)
    {
        if (_ranks[a] != _ranks[b])
            return _ranks[a] < _ranks[b];
        return _crowding[a] != _crowding[b] ? _crowding[a] > _crowding[b] : a < b;
    }

    /// <summary>
    /// The indices of the best <paramref name="count"/> candidates: whole fronts, and of the last the loneliest.
    /// </summary>
    public List<int> Best(int count)
    {
        var best = new List<int>(count);
        foreach (var front in Fronts())
        {
            if (best.Count + front.Count > count)
                front.Sort((a, b) => a == b ? 0 : IsBetter(a, b) ? -1 : 1);
            best.AddRange(front.Take(count - best.Count));
            if (best.Count == count)
                break;
        }

        return best;
    }

    private List<int>[] Fronts()
    {
        var fronts = new List<int>[_ranks.Length == 0 ? 0 : _ranks.Max() + 1];
        for (var i = 0; i < fronts.Length; i++)
            fronts[i] = [];
        for (var i = 0; i < _candidates.Count; i++)
            fronts[_ranks[i]].Add(i);
        return fronts;
    }
}
