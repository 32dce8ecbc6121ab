using HwNas.Core.Pareto;
using HwNas.Core.SearchSpaces;

namespace HwNas.Core.Search.Strategies;

/// <summary>Uniform over the distinct networks within the known limits: the baseline of every report.</summary>
internal sealed class RandomSearch(StrategyContext context) : ISearchStrategy
{
    private const int BatchSize = 32;

    private readonly FeasibleSampler _sampler = new(context.Problem, context.Random);
    private readonly HashSet<Genome> _seen = [];

    public IReadOnlyList<Genome> Ask() => _sampler.NextDistinct(BatchSize, genome => !_seen.Contains(genome));

    public void Tell(IReadOnlyList<Candidate> candidates) => _seen.UnionWith(candidates.Select(c => c.Genome));
}
