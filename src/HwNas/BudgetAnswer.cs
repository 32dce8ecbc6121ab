using System.Collections.Immutable;
using HwNas.Core;
using HwNas.Core.Devices;
using HwNas.Core.Files;
using HwNas.Core.Search;
using HwNas.Core.Spaces;
using HwNas.Supernet.Training;

namespace HwNas;

/// <summary>
/// Answers "the best model under this budget" from a finished search: a predictor searches the space, the winners are
/// evaluated truly, and the best of them and of all that was ever evaluated in the run is the answer.
/// </summary>
internal sealed class BudgetAnswer
{
    private readonly NasRun _run;
    private readonly SearchFolder _search;
    private readonly FrontFile _front;
    private readonly SupernetCheckpoint _checkpoint;
    private readonly SubnetProblem _problem;
    private readonly SubnetGoals _goals;
    private readonly ImmutableArray<DeviceProfile> _profiles;
    private readonly Dictionary<Genome, AccuracyEstimate> _evaluated = [];

    /// <exception cref="InputException">The run has no finished search, or a file does not belong to it.</exception>
    public BudgetAnswer(NasRun run, ImmutableArray<DeviceProfile> profiles, SubnetGoals goals)
    {
        _run = run;
        _search = run.Searched();
        _front = _search.ReadFront();
        _checkpoint = run.ReadCheckpoint();
        if (_checkpoint.Hash != _front.Supernet.Hash)
        {
            throw new InputException(
                $"'{_search.Front}' was searched on another supernet than '{run.Folder.Checkpoint}'. Search again.");
        }

        _profiles = profiles;
        _goals = goals;
        _problem = SubnetProblem.Create(_checkpoint.Space, profiles, goals, run.Metrics);
    }

    /// <summary>Finds the answer.</summary>
    /// <param name="evaluations">How many predicted winners are evaluated; with none the answer is marked as predicted.</param>
    /// <param name="cancellation">Ends the evaluations.</param>
    /// <exception cref="InfeasibleBudgetException">No subnet keeps the budgets.</exception>
    public BestFile Find(int evaluations, CancellationToken cancellation)
    {
        if (evaluations is < 0 or > 1000)
            throw new InputException($"--evaluations {evaluations} is not between 0 and 1000.");
        var context = _run.Context;
        using var evaluator = _run.Evaluate(_checkpoint, cancellation);
        using var store = evaluator.OpenStore();
        foreach (var evaluation in store.Before(store.End))
        {
            if (evaluation.Measured is { } measured)
                _evaluated[evaluation.Genome] = new AccuracyEstimate(measured[0], measured[1]);
        }

        var space = _checkpoint.Space;
        if (!_front.Subnets.All(subnet => _evaluated.ContainsKey(space.Parse(subnet.Id))))
        {
            throw new InputException(
                $"'{_search.Front}' holds accuracies that were measured in another way: by another evaluator, or by an older "
                + "hwnas. Search again.");
        }

        var (predictor, report) = RunPredictor.Fit(_front, space);
        var started = context.Time.GetTimestamp();
        var winners = PredictedSearch.Best(
            space.Genomes, _problem.Search.Costs, _problem.Search.Limits, predictor.Predict, Math.Max(1, evaluations),
            _front.Seed, context.Time);
        var seconds = context.Time.GetElapsedTime(started).TotalSeconds;

        if (evaluations > 0)
        {
            Evaluate(
                [.. winners.Select(winner => winner.Genome).Where(genome => !_evaluated.ContainsKey(genome))],
                store.Through(evaluator.OfGenomes()), cancellation);
        }

        // What was measured decides, and a promise only where it is greater.
        ImmutableArray<BestSubnet> ordered =
        [
            .. winners.Select(winner => winner.Genome)
                .Union(BestEvaluated())
                .Select(genome => Subnet(genome, predictor.Predict(genome)))
                .OrderByDescending(subnet => subnet.Top1Percent ?? subnet.PredictedTop1Percent),
        ];
        return new BestFile(
            BestFile.CurrentSchema, ToolVersion.Text, _front.Space, _front.Supernet,
            new InputReference(_front.Name, _front.Hash),
            [.. _profiles.Select(profile => new InputReference(profile.Device.Id, profile.Hash))],
            _problem.Budgets, _goals.Confidence, report,
            PredictedOnly: ordered[0].Top1Percent is null,
            ordered[0].Id, ordered, seconds, Hash: "");
    }

    // The most accurate of what is known within the budgets; none where nothing is.
    private IEnumerable<Genome> BestEvaluated() =>
        _evaluated.Keys.Where(_problem.Search.KeepsKnownLimits)
            .OrderByDescending(genome => _evaluated[genome].Top1Percent)
            .Take(1);

    private BestSubnet Subnet(Genome genome, double predicted)
    {
        var plan = _checkpoint.Space.PlanOf(genome);
        AccuracyEstimate? known = _evaluated.TryGetValue(genome, out var measured) ? measured : null;
        return new BestSubnet(
            plan.Id, predicted, known?.Top1Percent, known?.StandardErrorPercent, _problem.CostsOf(genome),
            _problem.LatencyOf(plan));
    }

    private void Evaluate(IEnumerable<Genome> genomes, GenomeEvaluation evaluate, CancellationToken cancellation)
    {
        foreach (var genome in genomes)
        {
            var measured = evaluate(genome, cancellation)!;
            _evaluated[genome] = new AccuracyEstimate(measured[0], measured[1]);
        }
    }
}
