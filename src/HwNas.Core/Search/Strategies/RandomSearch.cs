using HwNas.Core.Pareto;
using HwNas.Core.Spaces;

namespace HwNas.Core.Search.Strategies;

/// <summary>Uniform over the distinct networks within the known limits: the baseline of every report.</summary>
internal sealed class RandomSearch(StrategyContext context) : ISearchStrategy
{
    private const int BatchSize = 32;

    private readonly Novelty _novelty = new(context);

    public IReadOnlyList<Genome> Ask(IReadOnlyList<Genome> pending) => _novelty.Random(BatchSize);

    public void Tell(IReadOnlyList<Candidate> candidates)
    {
        // Chance learns nothing.
    }
}
