using HwNas.Core.Metrics;
using HwNas.Core.Predictors;
using HwNas.Core.Search.Exact;
using HwNas.Core.Spaces;

namespace HwNas.Core.Search;

/// <summary>The network with the highest prediction that was found within limits, and what none can exceed.</summary>
/// <param name="Genome">The network.</param>
/// <param name="Predicted">Its prediction, in percent.</param>
/// <param name="Bound">What no network within the limits is predicted to exceed; null where that is not known.</param>
public sealed record PredictedOptimum(Genome Genome, double Predicted, double? Bound)
{
    /// <summary>Predictions of a local search unless others are asked for: about a second.</summary>
    public const int DefaultPredictions = 20_000;

    // Spaces up to this size are predicted as a whole.
    private const int EnumerableNetworks = 50_000;

    /// <summary>
    /// Finds it: exactly where the predictor is linear and the limits are on sums over the parts of a network, or the space is
    /// small; else by local search. Bounds of networks of several layers are not worth their time: linear relaxations of
    /// once-for-all's are within half a point only where no more than two genes are left open.
    /// </summary>
    /// <param name="space">The space.</param>
    /// <param name="metrics">Its metrics that are known without evaluation.</param>
    /// <param name="limits">Limits on these.</param>
    /// <param name="predictor">The predictor.</param>
    /// <param name="predictions">Most predictions of a local search.</param>
    /// <param name="seed">Equal seeds give equal answers.</param>
    /// <param name="cancellation">Ends a local search.</param>
    /// <exception cref="InputException">A limit names no metric.</exception>
    /// <exception cref="InfeasibleBudgetException">No network keeps the limits.</exception>
    public static PredictedOptimum Find(
        ISearchSpace space, MetricTable metrics, IReadOnlyList<Limit> limits, NetworkPredictor predictor, int predictions,
        int seed, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(metrics);
        ArgumentNullException.ThrowIfNull(limits);
        ArgumentNullException.ThrowIfNull(predictor);
        var predicted = new Metric("predicted", Direction.Maximize, "%");
        var problem = new SearchProblem(
            space.Genomes, space.Hash, [predicted], KnownCosts.Of(metrics), [predicted.Name], limits);
        var sums = predictor.IsSeparable ? AdditiveLimits.Of(metrics, limits) : null;
        if (sums is not null && StagedSpace.Of(space.Genomes, sums) is { } staged)
        {
            var exact = new LabelSetting(staged).Maximum(predictor.Tangent(predictor.FirstUnits(space.Smallest.Choices)));
            if (exact.Genome is { } genome)
                return new PredictedOptimum(genome, predictor.Predict(genome), exact.Bound);
        }

        FeasibilityCheck.Require(problem);
        if (space.Genomes.Count <= EnumerableNetworks)
        {
            var best = space.Genomes.Enumerate().Where(problem.KeepsKnownLimits).MaxBy(predictor.Predict)!;
            return new PredictedOptimum(best, predictor.Predict(best), predictor.Predict(best));
        }

        var found = new PredictedClimb(problem, predictor, seed).Run(predictions, cancellation)
            ?? throw new InfeasibleBudgetException("No network was found that keeps all of the limits together. Raise one.");
        return new PredictedOptimum(found.Genome, predictor.Predict(found.Genome), Bound: null);
    }

    /// <summary>
    /// All networks within limits that no other one beats in both the prediction and a cost, by ascending cost; null where that
    /// is not computed exactly.
    /// </summary>
    /// <param name="space">The space.</param>
    /// <param name="metrics">Its metrics that are known without evaluation.</param>
    /// <param name="limits">Limits on these.</param>
    /// <param name="predictor">The predictor.</param>
    /// <param name="costs">The costs that are minimised.</param>
    /// <exception cref="InfeasibleBudgetException">No network keeps the limits.</exception>
    public static IReadOnlyList<Genome>? Front(
        ISearchSpace space, MetricTable metrics, IReadOnlyList<Limit> limits, NetworkPredictor predictor,
        IReadOnlyList<string> costs)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(metrics);
        ArgumentNullException.ThrowIfNull(limits);
        ArgumentNullException.ThrowIfNull(predictor);
        if (!predictor.IsSeparable || costs is not [var cost]
            || AdditiveLimits.Of(metrics, limits, cost) is not { } sums
            || StagedSpace.Of(space.Genomes, sums) is not { } staged)
        {
            return null;
        }

        var front = new LabelSetting(staged).Front(predictor.Tangent(predictor.FirstUnits(space.Smallest.Choices)));
        return front is []
            ? throw new InfeasibleBudgetException("No network keeps all of the limits together. Raise one.")
            : front;
    }
}
