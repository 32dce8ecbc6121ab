using HwNas.Core.Spaces;

namespace HwNas.Core.Search.Strategies;

/// <summary>
/// Remembers what a strategy has proposed, so that an evaluation is never asked for twice: makes children until one is
/// new and within the known limits, for a bounded number of attempts.
/// </summary>
internal sealed class Novelty(StrategyContext context)
{
    private const int Attempts = 12;

    // Of several ways back within the limits the one that changes the fewest genes. More ways than these are all alike.
    private const int WaysWithin = 8;

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

    /// <summary>
    /// Up to <paramref name="count"/> new networks just within the known limits: the largest network of the coarse grid where it
    /// is beyond them, with one kind of gene after the other paying for that. What is good often lies near the largest, and
    /// no path of better ones leads there from the small ones. Remembers them.
    /// </summary>
    public List<Genome> FromBeyond(int count)
    {
        var largest = CoarseGrid.Largest(context.Problem.Space);
        var kinds = context.Problem.Space.Genes.Select(g => g.Kind).Distinct().ToArray();
        var genomes = new List<Genome>(count);
        for (var i = 0; !context.Problem.KeepsKnownLimits(largest) && i < Attempts * count && genomes.Count < count; i++)
        {
            var ways = Enumerable.Range(0, WaysWithin).Select(
                _ => _sampler.Within(largest, kinds[i % kinds.Length])).OfType<Genome>().Where(IsNew).ToList();
            if (ways.Count == 0)
                continue;
            genomes.Add(ways.MinBy(
                genome => genome.Choices.ToArray().Zip(largest.Choices.ToArray()).Count(pair => pair.First != pair.Second))!);
            _seen.Add(genomes[^1]);
        }

        return genomes;
    }

    /// <summary>
    /// A new child of <paramref name="make"/>, which hears the number of the attempt; null if none was found. Remembers it.
    /// </summary>
    public Genome? Child(Func<int, Genome> make)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            // A child beyond the limits comes back in another place: along a limit, one gene pays for another.
            var made = make(attempt);
            var child = context.Problem.KeepsKnownLimits(made) ? made : _sampler.Within(made);
            if (child is not null && _seen.Add(child))
                return child;
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

    /// <summary>Remembers what others proposed.</summary>
    public void Add(IEnumerable<Genome> genomes) => _seen.UnionWith(genomes);
}
