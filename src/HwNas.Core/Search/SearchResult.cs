using System.Collections.Immutable;
using HwNas.Core.Pareto;

namespace HwNas.Core.Search;

/// <summary>Where a search stands, reported after every batch.</summary>
/// <param name="Evaluations">Distinct genomes evaluated so far, those of the journal included.</param>
/// <param name="TotalEvaluations">How many there will be.</param>
/// <param name="FrontSize">Members of the front.</param>
/// <param name="Hypervolume">Hypervolume of the front; null with four or more objectives and a large front, where it would
/// cost more than the search.</param>
/// <param name="Elapsed">Time since the start of this process's search.</param>
/// <param name="Remaining">Estimate of the time left; null before the first evaluation of this process.</param>
public sealed record SearchProgress(
    int Evaluations, int TotalEvaluations, int FrontSize, double? Hypervolume, TimeSpan Elapsed, TimeSpan? Remaining);

/// <summary>Why a search ended.</summary>
public enum StopReason
{
    /// <summary>All evaluations are spent.</summary>
    EvaluationsSpent,

    /// <summary>Every network of the space has been evaluated.</summary>
    SpaceExhausted,

    /// <summary>The strategy had nothing new to propose.</summary>
    StrategyFinished,

    /// <summary>The caller cancelled; the journal holds everything that was evaluated.</summary>
    Cancelled,
}

/// <summary>What a search found.</summary>
/// <param name="Evaluated">All candidates that this search evaluated, in the order in which the
/// strategy was told of them.</param>
/// <param name="Known">Those that were measured before, within the limits or beyond them.</param>
/// <param name="Front">The non-dominated ones of both within the limits.</param>
/// <param name="Reference">The reference point of the hypervolume, in the objectives' own units; empty if
/// nothing valid was evaluated.</param>
/// <param name="Hypervolume">The exact hypervolume of the front.</param>
/// <param name="StopReason">Why the search ended.</param>
/// <param name="ResumedEvaluations">How many evaluations came from the journal.</param>
/// <param name="Elapsed">Time that the search took in this process.</param>
public sealed record SearchResult(
    ImmutableArray<Candidate> Evaluated,
    ImmutableArray<Candidate> Known,
    ParetoFront Front,
    ImmutableArray<double> Reference,
    double Hypervolume,
    StopReason StopReason,
    int ResumedEvaluations,
    TimeSpan Elapsed)
{
    /// <summary>All candidates, those that were known first.</summary>
    public IEnumerable<Candidate> All => Known.Concat(Evaluated);
}
