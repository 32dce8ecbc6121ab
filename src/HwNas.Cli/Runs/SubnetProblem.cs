using System.Collections.Immutable;
using System.Globalization;
using HwNas.Core;
using HwNas.Core.Devices;
using HwNas.Core.Files;
using HwNas.Core.Graphs;
using HwNas.Core.Pareto;
using HwNas.Core.Search;
using HwNas.Core.Spaces;
using HwNas.Supernet.Training;

namespace HwNas.Cli.Runs;

/// <summary>What a search is to reach.</summary>
/// <param name="Budgets">Upper limits, by the cost's metric.</param>
/// <param name="Objectives">What to optimise; none for accuracy and the latencies, or without a device accuracy and MACs.</param>
/// <param name="Confidence">If given, latency limits hold for the upper end of the interval of this confidence, not only for the median.</param>
internal sealed record SubnetGoals(ImmutableArray<(string Metric, double Limit)> Budgets, ImmutableArray<string> Objectives, double? Confidence);

/// <summary>
/// The search over a supernet's subnets: accuracy is measured; MACs, parameters, memory and the latency on each device
/// are known from tables. Unless other objectives are asked for, they are accuracy and the latencies; without a device,
/// accuracy and MACs.
/// </summary>
internal sealed class SubnetProblem
{
    /// <summary>The metric that is measured.</summary>
    public const string Accuracy = "top1_percent";

    /// <summary>Name of the metric of the latency on a device.</summary>
    public static string LatencyOn(string device) => $"latency_us@{device}";

    private const double DefaultConfidence = 0.95;

    private static readonly Objective[] Counted =
    [
        new("macs", Direction.Minimize, "MACs"),
        new("params", Direction.Minimize, "parameters"),
        new("peak_activation_bytes", Direction.Minimize, "bytes"),
        new("model_bytes", Direction.Minimize, "bytes"),
    ];

    private readonly ISearchSpace _space;
    private readonly ImmutableArray<DeviceProfile> _profiles;
    private readonly ImmutableArray<LatencyTable> _tables;
    private readonly double? _confidence;

    private SubnetProblem(ISearchSpace space, ImmutableArray<DeviceProfile> profiles, ImmutableArray<LatencyTable> tables, double? confidence, SearchProblem search)
    {
        _confidence = confidence;
        _space = space;
        _profiles = profiles;
        _tables = tables;
        Search = search;
    }

    public SearchProblem Search { get; }

    /// <exception cref="Core.InputException">A profile is of another space or lacks layers, or two are of one device.</exception>
    public static SubnetProblem Create(ISearchSpace space, ImmutableArray<DeviceProfile> profiles, SubnetGoals goals)
    {
        if (profiles.GroupBy(p => p.Device.Id).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new Core.InputException($"Two profiles are of the device '{twice.Key}'. Give one for each device.");
        if (profiles.FirstOrDefault(p => p.Runtime is not { Precision: ModelPrecision.Fp32, Batch: 1 }) is { } other)
            throw new InputException($"The profile of '{other.Device.Id}' is of {other.Runtime}, but accuracy is measured, and models are exported, in fp32, one image at a time. Give a profile of fp32 and batch 1.");
        var tables = profiles.Select(profile => LatencyTable.For(profile, space)).ToImmutableArray();
        var costs = GenomeCostTable.Build(space, [.. tables.Select(table => (Func<Block, double>)table.LayerUs)]);
        var latencies = tables.Select(table => new Objective(LatencyOn(table.Device), Direction.Minimize, "µs")).ToArray();
        if (goals.Confidence is not null && tables.FirstOrDefault(table => !table.HasIntervals) is { } blind)
            throw new InputException($"The profile of '{blind.Device}' does not say how far to trust its predictions, so --confidence means nothing for it. Leave it out, or measure the device with 'hwnas profile'.");
        var uppers = goals.Confidence is null ? [] : tables.Select(table => new Objective(UpperLatencyOn(table.Device), Direction.Minimize, "µs")).ToArray();
        ValueRange[] ranges =
        [
            Range(costs.MacsRange), Range(costs.ParamsRange), Range(costs.PeakActivationBytesRange),
            new(sizeof(float) * costs.ParamsRange.Least, sizeof(float) * costs.ParamsRange.Most),
            .. tables.Select((table, i) => new ValueRange(
                table.FromLayersUs(costs.BlockCostRanges[i].Least).MedianUs, table.FromLayersUs(costs.BlockCostRanges[i].Most).MedianUs)),
            .. uppers.Select((_, i) => new ValueRange(UpperUs(i, costs.BlockCostRanges[i].Least), UpperUs(i, costs.BlockCostRanges[i].Most))),
        ];
        var known = new KnownCosts([.. Counted, .. latencies, .. uppers], Compute, ranges, profiles.Select(profile => Source(profile, goals.Confidence)));
        var search = new SearchProblem(
            space.Genomes, space.Hash,
            [new Objective(Accuracy, Direction.Maximize, "%"), new Objective("standard_error_percent", Direction.Minimize, "%")],
            known,
            goals.Objectives.IsEmpty ? [Accuracy, .. latencies.Length > 0 ? latencies.Select(l => l.Name) : ["macs"]] : goals.Objectives,
            goals.Budgets.Select(budget => new Limit(uppers.Length > 0 ? InUpper(budget.Metric) : budget.Metric, LimitKind.AtMost, budget.Limit)));
        return new SubnetProblem(space, profiles, tables, goals.Confidence, search);

        double UpperUs(int device, double layersUs) => tables[device].FromLayersUs(layersUs, goals.Confidence!.Value).HighUs;

        void Compute(ReadOnlySpan<byte> choices, Span<double> values)
        {
            Span<double> layers = stackalloc double[tables.Length];
            var cost = costs.Evaluate(choices, layers);
            (values[0], values[1], values[2], values[3]) = (cost.Macs, cost.Params, cost.PeakActivationBytes, cost.ModelBytes);
            for (var i = 0; i < tables.Length; i++)
                values[Counted.Length + i] = tables[i].FromLayersUs(layers[i]).MedianUs;
            for (var i = 0; i < uppers.Length; i++)
                values[Counted.Length + tables.Length + i] = UpperUs(i, layers[i]);
        }
    }

    public FrontFile ToFrontFile(SearchResult result, SearchOptions options, SupernetCheckpoint checkpoint)
    {
        var front = result.Front.Select(c => c.Genome).ToHashSet();
        var subnets = result.All.Where(c => !c.IsInvalid)
            .Select(candidate => Subnet(candidate, front.Contains(candidate.Genome)))
            .OrderBy(subnet => subnet.Macs).ThenBy(subnet => subnet.Id, StringComparer.Ordinal)
            .ToImmutableArray();
        var onFront = subnets.Where(subnet => subnet.OnFront).ToList();
        if (onFront.Count == 0)
            throw new Core.InfeasibleBudgetException("No evaluated subnet keeps the limits. Raise --evaluations or the limits.");
        return new FrontFile(
            FrontFile.CurrentSchema, ToolVersion.Text, options.Seed, options.Strategy, result.StopReason.ToString(),
            new InputReference(_space.Name, _space.Hash),
            new InputReference(Path.GetFileName(checkpoint.Path), checkpoint.Hash),
            [.. _profiles.Select(profile => new InputReference(profile.Device.Id, profile.Hash))],
            [.. Search.Objectives.Select(objective => objective.Name)],
            Budgets, _confidence, Choose(onFront).Id, [.. Fronts(result)], Predictor: null, subnets, Hash: "");
    }

    /// <summary>The limits by the costs that users name.</summary>
    public ImmutableArray<BudgetReference> Budgets =>
        [.. Search.Limits.Select(limit => new BudgetReference(limit.Metric.Replace(UpperLatencyOn(""), LatencyOn(""), StringComparison.Ordinal), limit.Bound))];

    /// <summary>The predicted latency on each device, by its id.</summary>
    public ImmutableSortedDictionary<string, LatencyEstimate> LatencyOf(NetworkPlan plan) =>
        _tables.ToImmutableSortedDictionary(
            table => table.Device, table => table.FromLayersUs(plan.Blocks.Sum(table.LayerUs), _confidence ?? DefaultConfidence));

    // The metric of the upper end of the interval of the latency on a device; only limits are set on it.
    private static string UpperLatencyOn(string device) => $"latency_upper_us@{device}";

    private static string InUpper(string metric) => metric.Replace(LatencyOn(""), UpperLatencyOn(""), StringComparison.Ordinal);

    // The confidence moves what the limits exclude: it belongs to what the costs come from.
    private static string Source(DeviceProfile profile, double? confidence) => string.Create(
        CultureInfo.InvariantCulture, $"{profile.Device.Id} {profile.Hash}{(confidence is { } wanted ? $" with confidence {wanted:R}" : "")}");

    private static ValueRange Range(CostRange range) => new(range.Least, range.Most);

    // A front for each device from the one set of evaluations, and for each other cost that was asked for.
    private IEnumerable<CostFront> Fronts(SearchResult result)
    {
        var latencies = _tables.Select(table => LatencyOn(table.Device)).ToList();
        var costs = latencies.Union(Search.Objectives.Select(objective => objective.Name).Where(name => name != Accuracy)).DefaultIfEmpty("macs");
        return costs.Select(cost => new CostFront(
            cost,
            [.. Search.FrontOver(result.All, cost, Accuracy).Select(candidate => _space.IdOf(candidate.Genome))]));
    }

    private FrontSubnet Subnet(Candidate candidate, bool onFront)
    {
        var plan = _space.PlanOf(candidate.Genome);
        var cost = NetworkCost.Of(plan);
        return new FrontSubnet(
            plan.Id, candidate.Metrics[0], candidate.Metrics[1], cost.Macs, cost.Params, cost.PeakActivationBytes, cost.ModelBytes,
            LatencyOf(plan), onFront);
    }

    // Within budgets the most accurate subnet; without any, the knee: the farthest above the line between the front's ends.
    private FrontSubnet Choose(List<FrontSubnet> front)
    {
        if (Search.Limits.Length > 0)
            return front.MaxBy(subnet => subnet.Top1Percent)!;
        double Cost(FrontSubnet subnet) => _tables.Length > 0 ? subnet.LatencyUs[_tables[0].Device].MedianUs : subnet.Macs;
        var (cheapest, best) = (front.MinBy(Cost)!, front.MaxBy(subnet => subnet.Top1Percent)!);
        var (width, height) = (Math.Max(1e-9, Cost(best) - Cost(cheapest)), Math.Max(1e-9, best.Top1Percent - cheapest.Top1Percent));
        return front.MaxBy(subnet => ((subnet.Top1Percent - cheapest.Top1Percent) / height) - ((Cost(subnet) - Cost(cheapest)) / width))!;
    }
}
