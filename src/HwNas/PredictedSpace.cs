using System.Collections.Immutable;
using HwNas.Core;
using HwNas.Core.Devices;
using HwNas.Core.Metrics;
using HwNas.Core.Predictors;
using HwNas.Core.Search;
using HwNas.Core.Spaces;
using HwNas.Core.Spaces.MbConv;

namespace HwNas;

/// <summary>
/// A space with a predictor's file and profiles of devices: what <c>best</c> and <c>search</c> can answer without a supernet.
/// Nothing is trained or measured.
/// </summary>
public sealed class PredictedSpace
{
    private readonly ISearchSpace _space;
    private readonly NetworkPredictor _predictor;
    private readonly SubnetProblem _problem;
    private readonly SubnetGoals _goals;
    private readonly RunContext _context;

    /// <summary>Puts the parts together, at the resolutions that the predictor and all profiles know.</summary>
    /// <param name="space">The space.</param>
    /// <param name="predictor">The predictor.</param>
    /// <param name="profiles">The devices.</param>
    /// <param name="goals">Budgets and objectives.</param>
    /// <param name="context">The clock, and who hears which resolutions are left out.</param>
    /// <exception cref="InputException">The predictor or a profile does not fit the space.</exception>
    public PredictedSpace(
        ISearchSpace space, PredictorFile predictor, ImmutableArray<DeviceProfile> profiles, SubnetGoals goals,
        RunContext? context = null)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(predictor);
        ArgumentNullException.ThrowIfNull(goals);
        (_goals, _context) = (goals, context ?? new RunContext());
        var known = predictor.Inputs.FirstOrDefault(input => input.Gene == Gene.ResolutionName)?.Choices;
        _space = Covered(space, known ?? space.Resolutions, profiles, _context);
        _problem = SubnetProblem.Create(_space, profiles, goals, []);
        _predictor = NetworkPredictor.For(predictor, _space);
    }

    /// <summary>The networks of a space at the resolutions that are known, and that all profiles cover.</summary>
    /// <param name="space">The space.</param>
    /// <param name="known">The resolutions.</param>
    /// <param name="profiles">The profiles.</param>
    /// <param name="context">Hears which are left.</param>
    /// <returns>The space itself where that is all of it, or nothing, or it is of a kind that cannot be narrowed.</returns>
    public static ISearchSpace Covered(
        ISearchSpace space, IReadOnlyList<int> known, ImmutableArray<DeviceProfile> profiles, RunContext context)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(known);
        ArgumentNullException.ThrowIfNull(context);
        var covered = profiles.Aggregate(
            space.Resolutions.Where(known.Contains),
            (resolutions, profile) => resolutions.Intersect(LatencyTable.CoveredResolutions(profile, space))).ToList();
        if (space is not MbConvSpace bottlenecks || covered.Count == space.Resolutions.Length || covered.Count == 0)
            return space;
        context.Notice(
            $"The files given cover {Plural.Of(covered.Count, "resolution")} of the {space.Resolutions.Length} of "
            + $"'{space.Name}': only {string.Join(", ", covered)} {(covered.Count == 1 ? "is" : "are")} considered.");
        return bottlenecks.At(covered);
    }

    /// <summary>The network with the highest prediction within the budgets.</summary>
    /// <param name="predictions">Most predictions, where the answer is not computed exactly.</param>
    /// <param name="seed">Equal seeds give equal answers.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <exception cref="InfeasibleBudgetException">No network keeps the budgets.</exception>
    public PredictedAnswer Best(
        int predictions = PredictedOptimum.DefaultPredictions, int seed = 1, CancellationToken cancellation = default)
    {
        var found = PredictedOptimum.Find(
            _space, _problem.Metrics, _problem.Search.Limits, _predictor, predictions, seed, cancellation);
        return new PredictedAnswer(
            _space.Name, Subnet(found.Genome), found.Bound, _problem.Metrics.Metrics, _problem.Budgets, _goals.Confidence);
    }

    /// <summary>
    /// The networks that no other one beats in the objectives within the budgets: all of them where the predictor is linear and
    /// the one cost adds up, else those that a search finds.
    /// </summary>
    /// <param name="options">How to search.</param>
    /// <param name="progress">Hears of every batch.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <exception cref="InfeasibleBudgetException">No network keeps the budgets.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; nothing is kept.</exception>
    public PredictedFront Search(
        SearchOptions options, IProgress<SearchProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        FeasibilityCheck.Require(_problem.Search);
        var exact = PredictedOptimum.Front(
            _space, _problem.Metrics, _problem.Search.Limits, _predictor,
            [.. _problem.Search.Objectives.Select(objective => objective.Name).Where(name => name != Metric.Accuracy.Name)]);
        return new PredictedFront(
            _space.Name, exact is not null, [.. _problem.Search.Objectives.Select(objective => objective.Name)],
            _problem.Metrics.Metrics, _problem.Budgets, _goals.Confidence,
            [.. (exact ?? Searched()).Select(Subnet).OrderBy(subnet => subnet.PredictedTop1Percent)]);

        IEnumerable<Genome> Searched()
        {
            var run = new SearchRun(
                _problem.Search, options, (genome, _) => [_predictor.Predict(genome), 0], _context.Time);
            var result = run.Run(progress, cancellation);
            return result.StopReason == StopReason.Cancelled
                ? throw new OperationCanceledException(cancellation)
                : result.Front.Select(candidate => candidate.Genome);
        }
    }

    private BestSubnet Subnet(Genome genome) => new(
        _space.IdOf(genome), _predictor.Predict(genome), Top1Percent: null, StandardErrorPercent: null,
        _problem.CostsOf(genome), _problem.LatencyOf(_space.PlanOf(genome)));
}

/// <summary>The network with the highest prediction within budgets.</summary>
/// <param name="Space">The space.</param>
/// <param name="Best">The network.</param>
/// <param name="BoundPercent">What no network within the budgets is predicted to exceed; null where that is not known.</param>
/// <param name="Metrics">The metrics that are known without evaluation.</param>
/// <param name="Budgets">The budgets.</param>
/// <param name="Confidence">With which latency budgets hold; null for the median.</param>
public sealed record PredictedAnswer(
    string Space, BestSubnet Best, double? BoundPercent, ImmutableArray<Metric> Metrics, ImmutableArray<Budget> Budgets,
    double? Confidence);

/// <summary>The networks that no other one beats by prediction within budgets.</summary>
/// <param name="Space">The space.</param>
/// <param name="IsExact">Whether the front is that of all networks of the space.</param>
/// <param name="Objectives">What was optimised.</param>
/// <param name="Metrics">The metrics that are known without evaluation.</param>
/// <param name="Budgets">The budgets.</param>
/// <param name="Confidence">With which latency budgets hold; null for the median.</param>
/// <param name="Subnets">The networks, by ascending accuracy.</param>
public sealed record PredictedFront(
    string Space, bool IsExact, ImmutableArray<string> Objectives, ImmutableArray<Metric> Metrics,
    ImmutableArray<Budget> Budgets, double? Confidence, ImmutableArray<BestSubnet> Subnets);
