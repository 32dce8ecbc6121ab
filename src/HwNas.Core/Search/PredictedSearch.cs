using HwNas.Core.Metrics;
using HwNas.Core.Spaces;

namespace HwNas.Core.Search;

/// <summary>A network with its predicted value.</summary>
/// <param name="Genome">The network.</param>
/// <param name="Predicted">The predicted value, in the unit of what is predicted.</param>
public sealed record PredictedGenome(Genome Genome, double Predicted);

/// <summary>
/// Answers which networks within some limits are predicted to be the most accurate: the search engine itself, with a
/// predictor in place of the measurement. Small spaces are searched in full.
/// </summary>
public static class PredictedSearch
{
    private const int EnumerableNetworks = 20_000;
    private const int Predictions = 10_000;

    /// <summary>The networks of a space with the highest predictions within limits, the best first.</summary>
    /// <param name="space">The genes.</param>
    /// <param name="costs">The known costs, exact.</param>
    /// <param name="limits">Limits on the costs.</param>
    /// <param name="predict">The predicted value of a network; greater is better.</param>
    /// <param name="count">How many networks are wanted.</param>
    /// <param name="seed">Equal seeds give equal answers.</param>
    /// <param name="time">The clock of the search.</param>
    /// <exception cref="InputException">A limit names no known cost.</exception>
    /// <exception cref="InfeasibleBudgetException">No network keeps the limits.</exception>
    public static IReadOnlyList<PredictedGenome> Best(
        GenomeSpace space, KnownCosts costs, IEnumerable<Limit> limits, Func<Genome, double> predict, int count, int seed,
        TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(costs);
        ArgumentNullException.ThrowIfNull(predict);
        var predicted = new Metric("predicted", Direction.Maximize, "");
        var problem = new SearchProblem(space, "", [predicted], costs, [predicted.Name], limits);
        double[] Evaluate(Genome genome, CancellationToken cancellation) => [predict(genome)];

        // The run checks the limits even where the space is then enumerated.
        var run = new SearchRun(
            problem, new SearchOptions { Strategy = "nsga2", Evaluations = Predictions, Seed = seed }, Evaluate, time);
        var candidates = space.Count <= EnumerableNetworks
            ? space.Enumerate().Where(problem.KeepsKnownLimits).Select(genome => problem.CandidateOf(genome, [predict(genome)]))
            : run.Run().Evaluated.Where(candidate => candidate.IsFeasible);
        return [.. candidates.OrderBy(c => c.Losses[0])
            .ThenBy(c => c.Genome.ToString(), StringComparer.Ordinal)
            .Take(count)
            .Select(c => new PredictedGenome(c.Genome, c.Metrics[0]))];
    }
}
