using System.Collections.Immutable;
using System.Text.Json.Serialization;
using HwNas.Core.Devices;
using HwNas.Core.Files;
using HwNas.Core.Metrics;
using HwNas.Core.Predictors;
using HwNas.Core.Spaces;

namespace HwNas.Core.Search;

/// <summary>A file that another file was made from.</summary>
/// <param name="Name">What it is: a device's id, a space's name, a path's last part.</param>
/// <param name="Hash">Its hash.</param>
public sealed record InputReference(string Name, string Hash);

/// <summary>An upper limit on a cost.</summary>
/// <param name="Cost">The limited cost by its metric's name: <c>latency_us@{device}</c>, <c>macs</c>, <c>params</c>,
/// <c>peak_activation_bytes</c>, <c>model_bytes</c>, or one of your own.</param>
/// <param name="Limit">The limit, in the cost's unit.</param>
public sealed record Budget(string Cost, double Limit)
{
    /// <summary>A limit on the latency of one image on a device, in microseconds.</summary>
    public static Budget OfLatencyUs(string device, double limit) => new(LatencyMetrics.MedianOn(device).Name, limit);
}

/// <summary>An evaluated subnet.</summary>
/// <param name="Id">The architecture's canonical text.</param>
/// <param name="Top1Percent">Accuracy on the validation split, in percent.</param>
/// <param name="StandardErrorPercent">Its standard error, in percentage points.</param>
/// <param name="Costs">The metrics that are known without evaluation, by name.</param>
/// <param name="LatencyUs">Predicted latency on each device, by its id.</param>
/// <param name="OnFront">Whether no evaluated subnet within the budgets is at least as good in everything
/// and better in something.</param>
public sealed record FrontSubnet(
    string Id,
    double Top1Percent,
    double StandardErrorPercent,
    ImmutableSortedDictionary<string, double> Costs,
    ImmutableSortedDictionary<string, LatencyEstimate> LatencyUs,
    bool OnFront)
{
    /// <summary>Multiply-accumulates for one image.</summary>
    [JsonIgnore]
    public long Macs => (long)Costs[CountMetrics.Macs.Name];

    /// <summary>Parameters.</summary>
    [JsonIgnore]
    public long Params => (long)Costs[CountMetrics.Params.Name];
}

/// <summary>
/// The subnets that no other one within the budgets beats in accuracy and one cost, of everything that was evaluated.
/// </summary>
/// <param name="Cost">The cost: <c>latency_us@{device}</c>, or another by its name, such as <c>macs</c>.</param>
/// <param name="Subnets">Their ids, by ascending cost.</param>
public sealed record CostFront(string Cost, ImmutableArray<string> Subnets);

/// <summary>
/// The result of a search (<c>front.json</c>): all subnets that it or an earlier search of the run
/// evaluated, those on the front marked.
/// </summary>
/// <param name="Schema">Always <see cref="CurrentSchema"/>.</param>
/// <param name="ToolVersion">The version that wrote it.</param>
/// <param name="Name">What the search is called.</param>
/// <param name="Seed">The seed of the search.</param>
/// <param name="Strategy">The strategy's name.</param>
/// <param name="StopReason">Why the search ended.</param>
/// <param name="Space">The search space.</param>
/// <param name="Supernet">The checkpoint.</param>
/// <param name="Profiles">The device profiles.</param>
/// <param name="Metrics">What the costs of the subnets are, and how they are shown.</param>
/// <param name="Objectives">What was optimised, as metrics: <c>top1_percent</c> and costs.</param>
/// <param name="Budgets">The limits that the search kept.</param>
/// <param name="Confidence">With this confidence of the latencies' intervals the budgets hold for their upper ends; null
/// where they hold for the medians, and the intervals are of 95 %.</param>
/// <param name="Chosen">The id of the recommended subnet: within budgets the most accurate one, without
/// any the knee of the front.</param>
/// <param name="Fronts">A front for each device, and for each other cost that was an objective; accuracy over
/// MACs where there is neither.</param>
/// <param name="Predictor">How well a predictor fitted on these subnets does on held-out ones;
/// null where they are too few.</param>
/// <param name="Subnets">All evaluated subnets, those known before and those beyond the budgets too, by ascending MACs.</param>
/// <param name="Hash">Hash over the canonical form.</param>
public sealed record FrontFile(
    string Schema,
    string ToolVersion,
    string Name,
    int Seed,
    string Strategy,
    string StopReason,
    InputReference Space,
    InputReference Supernet,
    ImmutableArray<InputReference> Profiles,
    ImmutableArray<Metric> Metrics,
    ImmutableArray<string> Objectives,
    ImmutableArray<Budget> Budgets,
    double? Confidence,
    string Chosen,
    ImmutableArray<CostFront> Fronts,
    PredictorReport? Predictor,
    ImmutableArray<FrontSubnet> Subnets,
    string Hash)
{
    /// <summary>The schema of front files.</summary>
    public const string CurrentSchema = "hwnas/front/5";

    /// <summary>What a search is called that asks for nothing in particular, and the one search of a run of schema 4.</summary>
    public const string UsualName = "front";

    private const string NamelessSchema = "hwnas/front/4";

    /// <summary>The metric of a name: of the costs, or the accuracy.</summary>
    public Metric MetricOf(string name) =>
        Metrics.Append(Metric.Accuracy).FirstOrDefault(metric => metric.Name == name) ?? new Metric(name, Direction.Minimize, "");

    /// <summary>The subnets on the front.</summary>
    public IEnumerable<FrontSubnet> Front() => Subnets.Where(subnet => subnet.OnFront);

    /// <summary>The subnets of one of <see cref="Fronts"/>, by ascending cost.</summary>
    /// <exception cref="InvalidOperationException">There is no front over this cost.</exception>
    public IEnumerable<FrontSubnet> FrontOver(string cost)
    {
        var byId = Subnets.ToDictionary(subnet => subnet.Id, StringComparer.Ordinal);
        return Fronts.First(front => front.Cost == cost).Subnets.Select(id => byId[id]);
    }

    /// <summary>Refuses a search, before it spends hours, of which the front could be written but not be read again.</summary>
    /// <param name="example">A subnet with all the costs and devices of the search.</param>
    /// <param name="known">Subnets that were evaluated before.</param>
    /// <param name="evaluations">Subnets that the search is to evaluate.</param>
    /// <exception cref="InputException">They are too many.</exception>
    public static void RequireReadable(FrontSubnet example, int known, int evaluations)
    {
        var most = MostSubnets(example);
        if ((long)known + evaluations <= most)
            return;
        throw new InputException(
            $"A front of {(long)known + evaluations:N0} subnets, {known:N0} of them known to the run, would exceed the "
            + $"{StrictJson.MaxFileBytes >> 20} MiB that are read; about {most:N0} fit. "
            + (known < most ? "Ask for fewer evaluations." : "Search in another run."));
    }

    /// <summary>How many subnets a file holds that can be read again.</summary>
    internal static long MostSubnets(FrontSubnet example)
    {
        // Longer figures, deeper indentation, and ids that stand in fronts too.
        const double Margin = 1.5;
        return (long)(StrictJson.MaxFileBytes / (Margin * StrictJson.Serialize(example).Length));
    }

    /// <summary>Reads and validates a front.</summary>
    /// <exception cref="InputException">The file is missing, damaged, of another schema, or its values
    /// contradict each other.</exception>
    public static FrontFile Read(string path)
    {
        var front = StrictJson.ReadFile<FrontFile>(
            path, CurrentSchema, [NamelessSchema], older => older["name"] = UsualName,
            anew: "Search again: what the run has evaluated is not evaluated twice.");
        if (PlainName.Problem("name", front.Name) is { } problem)
            throw new InputException($"'{path}': {problem}.");
        if (front.Hash.Length == 0)
            throw new InputException($"'{path}' carries no hash; it was edited. Search again, or restore it from a copy.");
        if (!front.Front().Any(subnet => subnet.Id == front.Chosen))
            throw new InputException($"'{path}' recommends '{front.Chosen}', which is not on its front.");
        var ids = front.Subnets.Select(subnet => subnet.Id).ToHashSet(StringComparer.Ordinal);
        if (front.Fronts.IsDefaultOrEmpty || front.Fronts.Any(f => f.Subnets.IsDefaultOrEmpty || !f.Subnets.All(ids.Contains)))
            throw new InputException($"'{path}': a front is empty, or names a subnet that was not evaluated.");
        if (front.Metrics.IsDefault
            || !front.Metrics.All(metric => Metric.IsName(metric.Name) && metric.Scale is { Divisor: > 0 and < 1e15 })
            || !CountMetrics.Shown.All(count => front.Metrics.Any(metric => metric.Name == count.Name))
            || front.Metrics.DistinctBy(metric => metric.Name).Count() != front.Metrics.Length)
        {
            throw new InputException($"'{path}': the metrics are incomplete, or one has no valid name or scale. Search again.");
        }

        foreach (var subnet in front.Subnets)
        {
            if (!SearchSpace.IsIdText(subnet.Id))
            {
                throw new InputException(
                    $"'{path}': a subnet's id is no id of any space: "
                    + $"1 to {SearchSpace.MaxIdLength} letters, digits, '-', '.' and '_'.");
            }

            if (subnet.Top1Percent is not (>= 0 and <= 100)
                || !front.Metrics.All(metric => subnet.Costs.TryGetValue(metric.Name, out var value) && value is >= 0 and < 1e18)
                || subnet.LatencyUs.Values.Any(l => l is not { MedianUs: > 0 and < 1e9, LowUs: > 0, HighUs: < 1e10 }))
            {
                throw new InputException($"'{path}': the figures of '{subnet.Id}' are out of range.");
            }
        }

        return front with { Schema = CurrentSchema };
    }
}
