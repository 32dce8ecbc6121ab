using System.Collections;

using HwNas.Core.Metrics;

namespace HwNas.Core.Pareto;

/// <summary>
/// An unbounded archive that is non-dominated by construction. Candidates beyond the limits never enter; of several
/// with equal losses the first stays.
/// </summary>
public sealed class ParetoFront : IReadOnlyList<Candidate>
{
    // Lexicographically ascending in the losses; with two objectives the second loss then strictly falls.
    private readonly List<Candidate> _members = [];

    /// <summary>Number of members.</summary>
    public int Count => _members.Count;

    /// <summary>A member, in the order of ascending first loss.</summary>
    public Candidate this[int index] => _members[index];

    /// <summary>The front of some candidates.</summary>
    public static ParetoFront Of(IEnumerable<Candidate> candidates)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        var front = new ParetoFront();
        foreach (var candidate in candidates)
            front.Add(candidate);
        return front;
    }

    /// <summary>Adds a candidate unless a member is at least as good everywhere; drops the members that it dominates.</summary>
    /// <returns>Whether it entered.</returns>
    public bool Add(Candidate candidate)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        if (!candidate.IsFeasible)
            return false;
        var losses = candidate.Losses.AsSpan();
        var position = PositionOf(losses);
        if (IsCovered(losses, position))
            return false;

        if (losses.Length == 2)
        {
            var end = position;
            while (end < _members.Count && _members[end].Losses[1] >= losses[1])
                end++;
            _members.RemoveRange(position, end - position);
        }
        else
        {
            for (var i = _members.Count - 1; i >= position; i--)
            {
                if (Dominance.WeaklyDominates(losses, _members[i].Losses.AsSpan()))
                    _members.RemoveAt(i);
            }
        }

        _members.Insert(position, candidate);
        return true;
    }

    /// <summary>Whether a member is at least as good everywhere as <paramref name="losses"/> (smaller is better).</summary>
    public bool Covers(ReadOnlySpan<double> losses) => IsCovered(losses, PositionOf(losses));

    /// <summary>The exact hypervolume up to a reference point, given as losses (see <see cref="Metric.ToLoss"/>).</summary>
    public double Hypervolume(ReadOnlySpan<double> referenceLosses) =>
        Pareto.Hypervolume.Of(_members.Select(m => m.Losses.ToArray()), referenceLosses);

    /// <inheritdoc/>
    public IEnumerator<Candidate> GetEnumerator() => _members.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    // The first member that is not lexicographically before the losses.
    private int PositionOf(ReadOnlySpan<double> losses)
    {
        var (low, high) = (0, _members.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_members[middle].Losses.AsSpan().SequenceCompareTo(losses) < 0)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    // Only members lexicographically before, or equal, can cover.
    private bool IsCovered(ReadOnlySpan<double> losses, int position)
    {
        if (position < _members.Count && _members[position].Losses.AsSpan().SequenceEqual(losses))
            return true;
        if (losses.Length == 2)
            return position > 0 && _members[position - 1].Losses[1] <= losses[1];
        for (var i = 0; i < position; i++)
        {
            if (Dominance.WeaklyDominates(_members[i].Losses.AsSpan(), losses))
                return true;
        }

        return false;
    }
}
