using System.Collections.Immutable;
using HwNas.Core;
using HwNas.Core.Devices;
using HwNas.Core.Networks;
using HwNas.Core.Predictors;
using HwNas.Core.Search;
using HwNas.Core.SearchSpaces;
using HwNas.Supernet.Data;
using HwNas.Supernet.Evaluation;
using HwNas.Supernet.Training;

namespace HwNas.Cli.Runs;

/// <summary>
/// Answers "the best model under this budget" from a finished search: a predictor searches the space, the winners are
/// evaluated truly, and the best of them and of what the search had evaluated is the answer.
/// </summary>
internal sealed class BudgetAnswer
{
    private readonly RunFolder _folder;
    private readonly FrontFile _front;
    private readonly SupernetCheckpoint _checkpoint;
    private readonly SubnetProblem _problem;
    private readonly SubnetGoals _goals;
    private readonly ImmutableArray<DeviceProfile> _profiles;
    private readonly ImmutableDictionary<string, FrontSubnet> _evaluated;

    /// <exception cref="InputException">The run has no finished search, or a file does not belong to it.</exception>
    public BudgetAnswer(RunFolder folder, ImmutableArray<DeviceProfile> profiles, SubnetGoals goals)
    {
        _folder = folder;
        _front = FrontFile.Read(folder.Front);
        _checkpoint = SupernetCheckpoint.Read(folder.Checkpoint);
        if (_checkpoint.Hash != _front.Supernet.Hash)
            throw new InputException($"'{folder.Front}' was searched on another supernet than '{folder.Checkpoint}'. Search again.");
        _profiles = profiles;
        _goals = goals;
        _problem = SubnetProblem.Create(_checkpoint.Space, profiles, goals);
        _evaluated = _front.Subnets.ToImmutableDictionary(subnet => subnet.Id, StringComparer.Ordinal);
    }

    /// <summary>The profiles that the last search of a run used.</summary>
    /// <exception cref="InputException">The run has no finished search, or a copy is missing or of another measurement.</exception>
    public static ImmutableArray<DeviceProfile> SearchedProfiles(RunFolder folder) =>
        [.. FrontFile.Read(folder.Front).Profiles.Select(reference =>
        {
            var profile = DeviceProfile.Read(folder.SearchedProfile(reference.Name));
            return profile.Hash == reference.Hash
                ? profile
                : throw new InputException($"'{folder.SearchedProfile(reference.Name)}' is not the profile that was searched with. Give it with --profile.");
        })];

    /// <summary>Finds the answer.</summary>
    /// <param name="context">The clock, and where messages go.</param>
    /// <param name="evaluations">How many predicted winners are evaluated; with none the answer is marked as predicted.</param>
    /// <param name="loadData">Loads the images, where something must be evaluated.</param>
    /// <param name="threads">Threads of libtorch.</param>
    /// <param name="cancellation">Ends the evaluations.</param>
    /// <exception cref="InfeasibleBudgetException">No subnet keeps the budgets.</exception>
    public BestFile Find(CommandContext context, int evaluations, Func<FashionMnist> loadData, int threads, CancellationToken cancellation)
    {
        var space = _checkpoint.Space;
        var predictor = RunPredictor.LoadOrFit(_folder, _front, space)
            ?? throw new InputException($"The search in '{_folder.Path}' evaluated {_front.Subnets.Length} subnets; a predictor needs {PredictorFile.FewestSamples}. Search with more --evaluations.");
        var predict = predictor.For(space.Genomes);
        var started = context.Time.GetTimestamp();
        var winners = PredictedSearch.Best(space.Genomes, _problem.Search.Costs, _problem.Search.Limits, predict, Math.Max(1, evaluations), _front.Seed, context.Time);
        var seconds = context.Time.GetElapsedTime(started).TotalSeconds;

        var subnets = winners.Select(winner => Subnet(winner.Genome, winner.Predicted)).ToList();
        if (evaluations > 0)
            subnets = Evaluate(subnets, loadData, threads, cancellation);
        if (BestEvaluated() is { } known && !subnets.Exists(subnet => subnet.Id == known.Id))
            subnets.Add(Subnet(GenomeOf(known), predict(GenomeOf(known))));

        // What was measured decides; without new measurements the predicted winner is what was asked for.
        ImmutableArray<BestSubnet> ordered = evaluations > 0
            ? [.. subnets.OrderByDescending(subnet => subnet.Top1Percent)]
            : [.. subnets];
        return new BestFile(
            BestFile.CurrentSchema, CommandContext.ToolVersion, _front.Space, _front.Supernet, new InputReference("front.json", _front.Hash),
            [.. _profiles.Select(profile => new InputReference(profile.Device.Id, profile.Hash))],
            _problem.Budgets, _goals.Confidence, predictor.Report, PredictedOnly: ordered[0].Top1Percent is null, ordered[0].Id, ordered, seconds, Hash: "");
    }

    private FrontSubnet? BestEvaluated() =>
        _front.Subnets.Where(subnet => _problem.Search.KeepsKnownLimits(GenomeOf(subnet))).MaxBy(subnet => subnet.Top1Percent);

    private Genome GenomeOf(FrontSubnet subnet) => _checkpoint.Space.Encode(Architecture.Parse(subnet.Id));

    private BestSubnet Subnet(Genome genome, double predicted)
    {
        var plan = NetworkPlan.Build(_checkpoint.Space, _checkpoint.Space.Decode(genome));
        var cost = NetworkCost.Of(plan);
        var known = _evaluated.GetValueOrDefault(plan.Architecture.Id);
        return new BestSubnet(
            plan.Architecture.Id, predicted, known?.Top1Percent, known?.StandardErrorPercent, cost.Macs, cost.Params, cost.PeakActivationBytes, cost.ModelBytes,
            _problem.LatencyOf(plan));
    }

    // Those that the search has evaluated are not evaluated again.
    private List<BestSubnet> Evaluate(List<BestSubnet> subnets, Func<FashionMnist> loadData, int threads, CancellationToken cancellation)
    {
        if (subnets.TrueForAll(subnet => subnet.Top1Percent is not null))
            return subnets;
        var data = loadData();
        using var supernet = _checkpoint.CreateSupernet();
        var evaluator = new SupernetEvaluator(
            supernet, _checkpoint.Hash, data.Training, data.Validation, new EvaluationOptions { CalibrationBatch = _checkpoint.Options.BatchSize, Threads = threads });
        return subnets.ConvertAll(subnet =>
        {
            if (subnet.Top1Percent is not null)
                return subnet;
            var measured = evaluator.Evaluate(NetworkPlan.Build(_checkpoint.Space, Architecture.Parse(subnet.Id)), cancellation);
            return subnet with { Top1Percent = measured.Top1Percent, StandardErrorPercent = measured.StandardErrorPercent };
        });
    }
}
