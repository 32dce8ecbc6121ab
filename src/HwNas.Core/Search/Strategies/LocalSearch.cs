using HwNas.Core.Pareto;
using HwNas.Core.Spaces;

namespace HwNas.Core.Search.Strategies;

/// <summary>
/// Pareto local search (Paquete et al. 2004): evaluates single-gene neighbours of the members of the front, evenly over
/// the front, until none is left. Any strategy can end with it.
/// </summary>
internal sealed class LocalSearch(StrategyContext context) : ISearchStrategy
{
    private const int BatchSize = 32;

    private readonly Novelty _novelty = new(context);
    private readonly ParetoFront _front = ParetoFront.Of(context.Known);
    private readonly HashSet<Candidate> _exhausted = [];

    public IReadOnlyList<Genome> Ask(IReadOnlyList<Genome> pending)
    {
        _novelty.Add(pending);
        var batch = new List<Genome>(BatchSize);
        Candidate[] members = [.. _front.Where(c => !_exhausted.Contains(c))];
        context.Random.Shuffle(members);
        foreach (var member in members)
        {
            if (batch.Count == BatchSize)
                break;
            var neighbours = Neighbours(member.Genome)
                .Where(g => _novelty.IsNew(g) && !batch.Contains(g) && context.Problem.KeepsKnownLimits(g)).ToArray();
            if (neighbours.Length == 0)
                _exhausted.Add(member);
            else
                batch.Add(neighbours[context.Random.Next(neighbours.Length)]);
        }

        return batch.Count > 0 ? batch : _novelty.Random(pending.Count > 0 ? 1 : BatchSize);
    }

    public void Tell(IReadOnlyList<Candidate> candidates)
    {
        _novelty.Add(candidates.Select(c => c.Genome));
        foreach (var candidate in candidates)
            _front.Add(candidate);
    }

    private IEnumerable<Genome> Neighbours(Genome genome)
    {
        for (var gene = 0; gene < genome.Length; gene++)
        {
            if (!context.Problem.Space.IsActive(genome.Choices, gene))
                continue;
            for (var choice = 0; choice < context.Problem.Space.Genes[gene].Choices.Length; choice++)
            {
                var choices = genome.Choices.ToArray();
                choices[gene] = (byte)choice;
                if (choice != genome[gene])
                    yield return context.Problem.Space.Create(choices);
            }
        }
    }
}
