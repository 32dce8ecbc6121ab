using HwNas.Core.Spaces;

namespace HwNas.Core.Search;

/// <summary>
/// Draws networks that keep the limits on known costs, in a bounded number of steps; from the list
/// of valid ones where there is one.
/// </summary>
internal sealed class FeasibleSampler(SearchProblem problem, Random random)
{
    // Plain draws are uniform. Where limits are tight they fail, and a draw is moved within the limits instead.
    private const int PlainDraws = 50;
    private const int Repairs = 20;
    private const int StepsOfAGene = 40;

    /// <summary>A network within the known limits; null if none was found.</summary>
    public Genome? Next()
    {
        for (var i = 0; i < PlainDraws; i++)
        {
            var genome = problem.Listed.IsEmpty
                ? problem.Space.Sample(random)
                : problem.Listed[random.Next(problem.Listed.Length)];
            if (problem.KeepsKnownLimits(genome))
                return genome;
        }

        for (var i = 0; i < Repairs; i++)
        {
            var choices = problem.Space.Sample(random).Choices.ToArray();
            if (CoordinateDescent.Minimize(problem.Space, choices, problem.KnownViolation) == 0)
                return problem.Space.Create(choices);
        }

        return null;
    }

    /// <summary>
    /// A network moved within the known limits by single steps of genes drawn at random, each of which must lessen what
    /// it exceeds them by: it comes to lie just within, and keeps most of what it was. Null where the steps lead nowhere.
    /// </summary>
    /// <param name="genome">The network.</param>
    /// <param name="kind">Genes of this kind move first; the others where those do not suffice.</param>
    public Genome? Within(Genome genome, GeneKind? kind = null)
    {
        var choices = genome.Choices.ToArray();
        int[] genes = [.. Enumerable.Range(0, choices.Length)];
        if (kind is not null)
            Lessen(ref choices, [.. genes.Where(gene => problem.Space.Genes[gene].Kind == kind)]);
        return Lessen(ref choices, genes) == 0 ? problem.Space.Create(choices) : null;
    }

    private double Lessen(ref byte[] choices, int[] genes)
    {
        var violation = problem.KnownViolation(choices);
        for (var step = 0; step < StepsOfAGene * genes.Length && violation > 0; step++)
        {
            var trial = choices.ToArray();
            var gene = genes[random.Next(genes.Length)];
            trial[gene] = (byte)Math.Clamp(
                trial[gene] + (random.Next(2) == 0 ? -1 : 1), 0, problem.Space.Genes[gene].Choices.Length - 1);
            problem.Space.Canonicalize(trial);
            if (problem.KnownViolation(trial) is var lessened && lessened < violation)
                (choices, violation) = (trial, lessened);
        }

        return violation;
    }

    /// <summary>
    /// Up to <paramref name="count"/> different networks that <paramref name="isNew"/> accepts;
    /// fewer where they are hard to find.
    /// </summary>
    public List<Genome> NextDistinct(int count, Func<Genome, bool> isNew)
    {
        var genomes = new List<Genome>(count);
        var seen = new HashSet<Genome>();
        for (var attempt = 0; attempt < 20 * count && genomes.Count < count; attempt++)
        {
            if (Next() is not { } genome)
                break;
            if (isNew(genome) && seen.Add(genome))
                genomes.Add(genome);
        }

        return genomes;
    }
}
