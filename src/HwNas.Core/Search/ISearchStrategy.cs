using System.Collections.Immutable;
using HwNas.Core.Pareto;
using HwNas.Core.Search.Strategies;
using HwNas.Core.Spaces;

namespace HwNas.Core.Search;

/// <summary>
/// Proposes genomes and learns from what they turned out to be. It sees the problem and a seeded random, never the
/// evaluator; told the same, it asks the same, so that a search resumes by replay.
/// </summary>
public interface ISearchStrategy
{
    /// <summary>
    /// The next genomes to evaluate, asked for whenever an evaluator is idle and nothing is left of the answer before. Known
    /// genomes cost nothing: they are told from the cache.
    /// </summary>
    /// <param name="pending">
    /// What is still being evaluated, in the order in which it was asked for. Empty unless several networks are evaluated at
    /// once (<see cref="SearchOptions.Threads"/>): then all of the answer before was told.
    /// </param>
    /// <returns>
    /// While something is pending, an empty answer means that the strategy waits: it is asked again after the next result. So
    /// one that works in generations begins with <c>if (pending.Count > 0) return [];</c>. With nothing pending an empty
    /// answer means that there is nothing more to propose, and ends the search.
    /// </returns>
    IReadOnlyList<Genome> Ask(IReadOnlyList<Genome> pending);

    /// <summary>
    /// What of that became known since the last time, in that order; called before <see cref="Ask"/>. Unless something is
    /// pending it completes the answer before. At the end of the evaluations the last of it may be missing.
    /// </summary>
    void Tell(IReadOnlyList<Candidate> candidates);
}

/// <summary>All that a strategy is made from.</summary>
/// <param name="Problem">The space, the known costs, the objectives and the limits.</param>
/// <param name="Evaluations">How many distinct genomes will be evaluated in all.</param>
/// <param name="Random">Its only source of chance.</param>
public sealed record StrategyContext(SearchProblem Problem, int Evaluations, Random Random)
{
    /// <summary>The reference point of the hypervolume that the user asked for, as losses; empty where there is none.</summary>
    public ImmutableArray<double> Reference { get; init; } = [];

    /// <summary>
    /// What was known of the problem's networks before the search began, with other limits or by other strategies
    /// perhaps. A strategy begins with it instead of with chance; it is no part of the evaluations.
    /// </summary>
    public ImmutableArray<Candidate> Known { get; init; } = [];

    /// <summary>The best of what was known: the first fronts, the best first.</summary>
    internal IEnumerable<Candidate> BestKnown(int count) =>
        Known.IsEmpty ? [] : new CrowdedOrder(Known).Best(Math.Min(count, Known.Length)).Select(i => Known[i]);
}
