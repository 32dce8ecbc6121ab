using HwNas.Core.SearchSpaces;

namespace HwNas.Core.Search;

/// <summary>Draws networks that keep the limits on known costs, in a bounded number of steps; from the list of valid ones where there is one.</summary>
internal sealed class FeasibleSampler(SearchProblem problem, Random random)
{
    // Plain draws are uniform. Where limits are tight they fail, and a draw is moved within the limits instead.
    private const int PlainDraws = 50;
    private const int Repairs = 20;

    /// <summary>A network within the known limits; null if none was found.</summary>
    public Genome? Next()
    {
        for (var i = 0; i < PlainDraws; i++)
        {
            var genome = problem.Listed.IsEmpty ? problem.Space.Sample(random) : problem.Listed[random.Next(problem.Listed.Length)];
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

    /// <summary>Up to <paramref name="count"/> different networks that <paramref name="isNew"/> accepts; fewer where they are hard to find.</summary>
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
