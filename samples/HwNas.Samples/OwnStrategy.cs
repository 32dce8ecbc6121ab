using HwNas.Core.Pareto;
using HwNas.Core.Search;
using HwNas.Core.Spaces;

namespace HwNas.Samples;

/// <summary>
/// A search strategy of one's own: it goes from the best of what it knows to a neighbour, one gene away, and waits for
/// nothing that is still being evaluated.
/// </summary>
internal sealed class OwnStrategy(StrategyContext context) : ISearchStrategy
{
    private Candidate? _best;

    public static void Run(string folder)
    {
        var strategy = new StrategyDescription(
            "hill-climbing", "One gene at a time, uphill.", "none", known => new OwnStrategy(known));
        var run = new NasRun(folder);
        var front = run.Search(new SearchRequest { Options = SearchOptions.Of(evaluations: 4) with { OwnStrategy = strategy } });

        Console.WriteLine($"{front.Strategy}: {front.Front().Max(subnet => subnet.Top1Percent):F2} %");
    }

    public IReadOnlyList<Genome> Ask(IReadOnlyList<Genome> pending)
    {
        var space = context.Problem.Space;
        if (_best is null)
            return [space.Sample(context.Random)];
        var choices = _best.Genome.Choices.ToArray();
        var gene = context.Random.Next(choices.Length);
        choices[gene] = (byte)context.Random.Next(space.Genes[gene].Choices.Length);
        return [space.Create(choices)];
    }

    public void Tell(IReadOnlyList<Candidate> candidates)
    {
        foreach (var candidate in candidates)
        {
            if (_best is null || candidate.Losses[0] < _best.Losses[0])
                _best = candidate;
        }
    }
}
