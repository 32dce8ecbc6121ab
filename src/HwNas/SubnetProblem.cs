using System.Collections.Immutable;
using HwNas.Core;
using HwNas.Core.Devices;
using HwNas.Core.Files;
using HwNas.Core.Graphs;
using HwNas.Core.Metrics;
using HwNas.Core.Pareto;
using HwNas.Core.Search;
using HwNas.Core.Spaces;
using HwNas.Supernet.Training;

namespace HwNas;

/// <summary>
/// The search over a supernet's subnets: accuracy is measured; MACs, parameters, memory and the latency on each device
/// are known from tables. Unless other objectives are asked for, they are accuracy and the latencies; without a device,
/// accuracy and MACs.
/// </summary>
internal sealed class SubnetProblem
{
    private readonly ISearchSpace _space;
    private readonly ImmutableArray<DeviceProfile> _profiles;
    private readonly ImmutableArray<LatencyTable> _tables;
    private readonly MetricTable _metrics;
    private readonly double? _confidence;

    private SubnetProblem(
        ISearchSpace space, ImmutableArray<DeviceProfile> profiles, ImmutableArray<LatencyTable> tables, MetricTable metrics,
        double? confidence, SearchProblem search,
        ImmutableArray<Budget> budgets)
    {
        _metrics = metrics;
        _confidence = confidence;
        _space = space;
        _profiles = profiles;
        _tables = tables;
        Search = search;
        Budgets = budgets;
    }

    public SearchProblem Search { get; }

    /// <exception cref="Core.InputException">A profile is of another space or lacks layers, or two are of one device.</exception>
    public static SubnetProblem Create(
        ISearchSpace space, ImmutableArray<DeviceProfile> profiles, SubnetGoals goals, ImmutableArray<IMetricSource> own)
    {
        if (profiles.GroupBy(p => p.Device.Id).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new Core.InputException($"Two profiles are of the device '{twice.Key}'. Give one for each device.");
        if (profiles.FirstOrDefault(p => p.Runtime is not { Precision: ModelPrecision.Fp32, Batch: 1 }) is { } other)
        {
            throw new InputException(
                $"The profile of '{other.Device.Id}' is of {other.Runtime}, but accuracy is measured, and models are exported, "
                + "in fp32, one image at a time. Give a profile of fp32 and batch 1.");
        }

        var tables = profiles.Select(profile => LatencyTable.For(profile, space)).ToImmutableArray();
        var metrics = new MetricTable(space, [
            new CountMetrics(),
            .. profiles.Zip(tables, (profile, table) => new LatencyMetrics(profile, table, goals.Confidence)),
            .. own,
        ]);
        var latencies = tables.Select(table => LatencyMetrics.MedianOn(table.Device).Name).ToArray();
        var search = new SearchProblem(
            space.Genomes, space.Hash, [Metric.Accuracy, Metric.StandardError], KnownCosts.Of(metrics),
            goals.Objectives.IsEmpty
                ? [Metric.Accuracy.Name, .. latencies.Length > 0 ? latencies : [CountMetrics.Macs.Name]]
                : goals.Objectives,
            goals.Budgets.Select(budget => new Limit(Limited(budget.Cost), LimitKind.AtMost, budget.Limit)));
        return new SubnetProblem(
            space, profiles, tables, metrics, goals.Confidence, search,
            goals.Budgets);

        // With a confidence, a limit on a latency is one on the upper end of its interval.
        string Limited(string metric) => goals.Confidence is not null
            && tables.FirstOrDefault(table => LatencyMetrics.MedianOn(table.Device).Name == metric) is { } table
            ? LatencyMetrics.UpperOn(table.Device).Name
            : metric;
    }

    /// <summary>The metrics that are known without evaluation.</summary>
    public MetricTable Metrics => _metrics;

    /// <summary>What the search may be called, the best name first.</summary>
    public IEnumerable<string> Names(SubnetGoals goals) =>
        SearchNames.For(goals, _metrics.Metrics, [.. _profiles.Select(profile => profile.Device.Id)]);

    public FrontFile ToFrontFile(string name, SearchResult result, SearchOptions options, SupernetCheckpoint checkpoint)
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
            FrontFile.CurrentSchema, ToolVersion.Text, name, options.Seed, options.Description.Name, result.StopReason.ToString(),
            new InputReference(_space.Name, _space.Hash),
            new InputReference(Path.GetFileName(checkpoint.Path), checkpoint.Hash),
            [.. _profiles.Select(profile => new InputReference(profile.Device.Id, profile.Hash))],
            _metrics.Metrics, [.. Search.Objectives.Select(objective => objective.Name)],
            Budgets, _confidence, Choose(onFront).Id, [.. Fronts(result)], Predictor: null, subnets, Hash: "");
    }

    /// <summary>A subnet as the front has it, with figures of many digits.</summary>
    public FrontSubnet Example()
    {
        var largest = Search.Space.Create([.. Search.Space.Genes.Select(gene => (byte)(gene.Choices.Length - 1))]);
        return Subnet(Search.CandidateOf(largest, [100 / 3.0, 1 / 3.0]), onFront: false);
    }

    /// <summary>The limits by the costs that users name.</summary>
    public ImmutableArray<Budget> Budgets { get; }

    /// <summary>The metrics of a network that are known without evaluation, by name.</summary>
    public ImmutableSortedDictionary<string, double> CostsOf(Genome genome) => _metrics.Of(genome);

    /// <summary>The predicted latency on each device, by its id.</summary>
    public ImmutableSortedDictionary<string, LatencyEstimate> LatencyOf(NetworkPlan plan) =>
        _tables.ToImmutableSortedDictionary(
            table => table.Device, table => table.Estimate(plan, _confidence));

    // A front for each device from the one set of evaluations, and for each other cost that was asked for.
    private IEnumerable<CostFront> Fronts(SearchResult result)
    {
        var latencies = _tables.Select(table => LatencyMetrics.MedianOn(table.Device).Name).ToList();
        var costs = latencies.Union(
            Search.Objectives.Select(objective => objective.Name).Where(name => name != Metric.Accuracy.Name))
            .DefaultIfEmpty(CountMetrics.Macs.Name);
        return costs.Select(cost => new CostFront(
            cost,
            [.. Search.FrontOver(result.All, cost, Metric.Accuracy.Name).Select(candidate => _space.IdOf(candidate.Genome))]));
    }

    private FrontSubnet Subnet(Candidate candidate, bool onFront)
    {
        var plan = _space.PlanOf(candidate.Genome);
        return new FrontSubnet(
            plan.Id, candidate.Metrics[0], candidate.Metrics[1], CostsOf(candidate.Genome), LatencyOf(plan), onFront);
    }

    // Within budgets the most accurate subnet; without any, the knee: the farthest above the line between the front's ends.
    private FrontSubnet Choose(List<FrontSubnet> front)
    {
        if (Search.Limits.Length > 0)
            return front.MaxBy(subnet => subnet.Top1Percent)!;
        double Cost(FrontSubnet subnet) => _tables.Length > 0 ? subnet.LatencyUs[_tables[0].Device].MedianUs : subnet.Macs;
        var (cheapest, best) = (front.MinBy(Cost)!, front.MaxBy(subnet => subnet.Top1Percent)!);
        var (width, height) =
            (Math.Max(1e-9, Cost(best) - Cost(cheapest)), Math.Max(1e-9, best.Top1Percent - cheapest.Top1Percent));
        return front.MaxBy(
            subnet => ((subnet.Top1Percent - cheapest.Top1Percent) / height) - ((Cost(subnet) - Cost(cheapest)) / width))!;
    }
}
