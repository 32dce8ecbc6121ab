using HwNas.Core.Pareto;
using HwNas.Core.SearchSpaces;

namespace HwNas.Core.Search.Strategies;

/// <summary>
/// Remembers what a strategy has proposed, so that an evaluation is never asked for twice: makes children until one is
/// new and within the known limits, for a bounded number of attempts.
/// </summary>
internal sealed class Novelty(StrategyContext context)
{
    private const int Attempts = 12;

    private readonly FeasibleSampler _sampler = new(context.Problem, context.Random);
    private readonly HashSet<Genome> _seen = [.. context.Known.Select(c => c.Genome)];

    public bool IsNew(Genome genome) => !_seen.Contains(genome);

    /// <summary>Up to <paramref name="count"/> new random networks; remembers them.</summary>
    public List<Genome> Random(int count)
    {
        var genomes = _sampler.NextDistinct(count, IsNew);
        _seen.UnionWith(genomes);
        return genomes;
    }

    /// <summary>A new child of <paramref name="make"/>, which hears the number of the attempt; null if none was found. Remembers it.</summary>
    public Genome? Child(Func<int, Genome> make)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var child = make(attempt);
            if (IsNew(child) && context.Problem.KeepsKnownLimits(child))
            {
                _seen.Add(child);
                return child;
            }
        }

        return null;
    }

    /// <summary>A new child for each of <paramref name="count"/> slots; where none is found, a random network.</summary>
    public List<Genome> Children(int count, Func<int, Genome> make)
    {
        var children = new List<Genome>(count);
        for (var i = 0; i < count; i++)
        {
            if (Child(make) is { } child)
                children.Add(child);
        }

        if (children.Count < count)
            children.AddRange(Random(count - children.Count));
        return children;
    }

    /// <summary>Remembers what was evaluated.</summary>
    public void Add(IEnumerable<Candidate> candidates) => _seen.UnionWith(candidates.Select(c => c.Genome));
}
