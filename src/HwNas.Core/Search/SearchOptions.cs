using System.Collections.Immutable;

namespace HwNas.Core.Search;

/// <summary>How to search.</summary>
public sealed record SearchOptions
{
    /// <summary>Name of the strategy, one of <see cref="SearchStrategies.All"/>.</summary>
    public string Strategy { get; init; } = SearchStrategies.Default;

    /// <summary>How many distinct genomes to evaluate, at least 1.</summary>
    public required int Evaluations { get; init; }

    /// <summary>
    /// Share of the evaluations, from 0 to 0.9, that local search around the front gets at the end; under limits on known
    /// costs, with up to 400 evaluations, Bayesian optimisation gets it.
    /// </summary>
    public double LocalSearchShare { get; init; }

    /// <summary>Seed of the strategy's chance.</summary>
    public int Seed { get; init; }

    /// <summary>How many genomes of a batch are evaluated at once, at least 1. Does not change the result.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>
    /// Reference point of the hypervolume, one value for each objective in its own unit; empty for the worst values of
    /// the first batch.
    /// </summary>
    public ImmutableArray<double> Reference { get; init; } = [];
}
