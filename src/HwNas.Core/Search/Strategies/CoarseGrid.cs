using HwNas.Core.Spaces;

namespace HwNas.Core.Search.Strategies;

/// <summary>
/// The coarse grid of BigNAS (Yu et al. 2020, section 3.2): all genes of one kind move together from their first to
/// their last choice, so that a few hundred networks span resolution × depth × width × kernel × expansion.
/// </summary>
internal static class CoarseGrid
{
    /// <summary>The corners: all genes first or last, then each kind of gene alone moved to its other end.</summary>
    public static IEnumerable<Genome> Corners(GenomeSpace space)
    {
        foreach (var kind in space.Genes.Select(g => (GeneKind?)g.Kind).Distinct().Prepend(null))
        {
            yield return space.Create([.. space.Genes.Select(g => (byte)(g.Kind == kind ? g.Choices.Length - 1 : 0))]);
            yield return space.Create([.. space.Genes.Select(g => (byte)(g.Kind == kind ? 0 : g.Choices.Length - 1))]);
        }
    }

    /// <summary>The last choice of every gene.</summary>
    public static Genome Largest(GenomeSpace space) => space.Create([.. space.Genes.Select(g => (byte)(g.Choices.Length - 1))]);

    /// <summary>The distinct networks of the grid, in a fixed order from the smallest to the largest levels.</summary>
    public static IEnumerable<Genome> Enumerate(GenomeSpace space)
    {
        // A kind has as many levels as its richest gene has choices; genes with fewer move in proportion.
        var kinds = space.Genes.Select(g => g.Kind).Distinct().ToArray();
        var levels = Array.ConvertAll(kinds, kind => space.Genes.Where(g => g.Kind == kind).Max(g => g.Choices.Length));
        var seen = new HashSet<Genome>();
        var position = new int[kinds.Length];
        while (true)
        {
            var choices = space.Genes.Select(gene =>
            {
                var kind = Array.IndexOf(kinds, gene.Kind);
                return (byte)Math.Round((gene.Choices.Length - 1) * position[kind] / (double)(levels[kind] - 1));
            });
            var genome = space.Create([.. choices]);
            if (seen.Add(genome))
                yield return genome;

            var turn = kinds.Length - 1;
            while (turn >= 0 && ++position[turn] == levels[turn])
                position[turn--] = 0;
            if (turn < 0)
                yield break;
        }
    }
}
