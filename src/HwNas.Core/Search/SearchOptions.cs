using System.Collections.Immutable;

namespace HwNas.Core.Search;

/// <summary>How to search.</summary>
public sealed record SearchOptions
{
    /// <summary>Name of the strategy, one of <see cref="SearchStrategies.All"/>.</summary>
    public string Strategy { get; init; } = SearchStrategies.Default;

    /// <summary>A strategy of your own in place of the named one; its name goes into the records of the search.</summary>
    public StrategyDescription? OwnStrategy { get; init; }

    /// <summary>How many distinct genomes to evaluate, at least 1.</summary>
    public required int Evaluations { get; init; }

    /// <summary>
    /// Share of the evaluations, from 0 to 0.9, that the finish gets: local search around the front, or under limits on
    /// known costs, with up to 400 evaluations, Bayesian optimisation near them. Null for what the command line does
    /// (<see cref="SearchStrategies.DefaultFinish"/>).
    /// </summary>
    public double? FinishShare { get; init; } = 0;

    /// <summary>Seed of the strategy's chance.</summary>
    public int Seed { get; init; }

    /// <summary>
    /// How many evaluations are in flight, at least 1. With more than one the strategy hears of them as they are finished, so
    /// that the result hangs on their order; the journal keeps it. A run's search has as many as its evaluator takes
    /// (<see cref="IAccuracyEvaluator.InFlight"/>), if that is more.
    /// </summary>
    public int Threads { get; init; } = 1;

    /// <summary>
    /// Reference point of the hypervolume, one value for each objective in its own unit; empty for the worst values of
    /// the first batch.
    /// </summary>
    public ImmutableArray<double> Reference { get; init; } = [];

    /// <summary>What the strategy is.</summary>
    /// <exception cref="InputException">There is none of that name; the message lists all.</exception>
    public StrategyDescription Description => OwnStrategy ?? SearchStrategies.Find(Strategy);

    /// <summary>
    /// The options of a search as the command line has them: with the finish that a strategy ends with by default.
    /// </summary>
    /// <param name="evaluations">How many distinct genomes to evaluate.</param>
    /// <param name="strategy">Name of the strategy.</param>
    public static SearchOptions Of(int evaluations, string strategy = SearchStrategies.Default) =>
        new() { Evaluations = evaluations, Strategy = strategy, FinishShare = null };

    /// <summary>The share of the finish on a problem.</summary>
    internal double FinishOf(SearchProblem problem) =>
        FinishShare ?? SearchStrategies.DefaultFinish(Description.Name, Evaluations, problem.HasKnownLimits);
}
