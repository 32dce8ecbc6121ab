using HwNas.Core.Pareto;
using HwNas.Core.Spaces;

namespace HwNas.Core.Search.Strategies;

/// <summary>One strategy first, another for the last evaluations; the finisher hears of everything from the start.</summary>
/// <param name="first">The strategy.</param>
/// <param name="finisher">What follows it.</param>
/// <param name="evaluations">How many evaluations the first one gets.</param>
/// <param name="seen">The problem as the finisher sees it.</param>
/// <param name="known">What was known before is no evaluation, though it may be asked for.</param>
internal sealed class Finished(
    ISearchStrategy first, ISearchStrategy finisher, int evaluations, SearchProblem seen, IEnumerable<Candidate> known)
    : ISearchStrategy
{
    private readonly HashSet<Genome> _known = [.. known.Select(c => c.Genome)];
    private readonly HashSet<Genome> _evaluated = [];

    public IReadOnlyList<Genome> Ask(IReadOnlyList<Genome> pending)
    {
        if (_evaluated.Count + pending.Count >= evaluations)
            return finisher.Ask(pending);
        var asked = first.Ask(pending);
        return asked.Count > 0 || pending.Count > 0 ? asked : finisher.Ask(pending);
    }

    public void Tell(IReadOnlyList<Candidate> candidates)
    {
        if (_evaluated.Count < evaluations)
            first.Tell(candidates);
        finisher.Tell([.. candidates.Select(seen.Seen)]);
        _evaluated.UnionWith(candidates.Select(c => c.Genome).Where(g => !_known.Contains(g)));
    }
}
