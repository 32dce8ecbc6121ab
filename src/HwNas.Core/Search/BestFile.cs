using System.Collections.Immutable;
using System.Text.Json.Serialization;
using HwNas.Core.Devices;
using HwNas.Core.Files;
using HwNas.Core.Metrics;
using HwNas.Core.Predictors;

namespace HwNas.Core.Search;

/// <summary>A subnet with its predicted accuracy and, where it was evaluated, its measured one.</summary>
/// <param name="Id">The architecture's canonical text.</param>
/// <param name="PredictedTop1Percent">Predicted accuracy, in percent.</param>
/// <param name="Top1Percent">Accuracy on the validation split, in percent; null where it is predicted only.</param>
/// <param name="StandardErrorPercent">Its standard error, in percentage points; null where it is predicted only.</param>
/// <param name="Costs">The metrics that are known without evaluation, by name.</param>
/// <param name="LatencyUs">Predicted latency on each device, by its id.</param>
public sealed record BestSubnet(
    string Id,
    double PredictedTop1Percent,
    double? Top1Percent,
    double? StandardErrorPercent,
    ImmutableSortedDictionary<string, double> Costs,
    ImmutableSortedDictionary<string, LatencyEstimate> LatencyUs)
{
    /// <summary>Multiply-accumulates for one image.</summary>
    [JsonIgnore]
    public long Macs => (long)Costs[CountMetrics.Macs.Name];

    /// <summary>Parameters.</summary>
    [JsonIgnore]
    public long Params => (long)Costs[CountMetrics.Params.Name];

    /// <summary>The subnet with its measured figures, as it is exported.</summary>
    /// <exception cref="InputException">It is predicted only.</exception>
    public FrontSubnet Measured() => Top1Percent is { } top1 && StandardErrorPercent is { } error
        ? new FrontSubnet(Id, top1, error, Costs, LatencyUs, OnFront: false)
        : throw new InputException($"'{Id}' is predicted only. Ask again with 'hwnas best' without --evaluations 0.");
}

/// <summary>The answer to "the best model under this budget" (<c>best.json</c>).</summary>
/// <param name="Schema">Always <see cref="CurrentSchema"/>.</param>
/// <param name="ToolVersion">The version that wrote it.</param>
/// <param name="Space">The search space.</param>
/// <param name="Supernet">The checkpoint.</param>
/// <param name="Front">The front whose evaluations the predictor was fitted on, by the name of its search and its hash.</param>
/// <param name="Profiles">The device profiles.</param>
/// <param name="Budgets">The limits that it keeps.</param>
/// <param name="Confidence">As in <see cref="FrontFile"/>.</param>
/// <param name="Predictor">How well the predictor does on held-out subnets.</param>
/// <param name="PredictedOnly">Whether nothing was evaluated: then the answer is the predicted
/// one, and may turn out worse.</param>
/// <param name="Chosen">The id of the answer.</param>
/// <param name="Subnets">The answer and the others that were considered, the best first.</param>
/// <param name="PredictionSeconds">Time that the search among predictions took.</param>
/// <param name="Hash">Hash over the canonical form.</param>
public sealed record BestFile(
    string Schema,
    string ToolVersion,
    InputReference Space,
    InputReference Supernet,
    InputReference Front,
    ImmutableArray<InputReference> Profiles,
    ImmutableArray<Budget> Budgets,
    double? Confidence,
    PredictorReport Predictor,
    bool PredictedOnly,
    string Chosen,
    ImmutableArray<BestSubnet> Subnets,
    double PredictionSeconds,
    string Hash)
{
    /// <summary>The schema of these files.</summary>
    public const string CurrentSchema = "hwnas/best/3";

    /// <summary>Reads an answer.</summary>
    /// <exception cref="InputException">The file is missing, damaged, of another schema, or contradicts itself.</exception>
    public static BestFile Read(string path)
    {
        var best = StrictJson.ReadFile<BestFile>(path, CurrentSchema, anew: "Ask again with 'hwnas best'.");
        if (best.Hash.Length == 0
            || best.Subnets.IsDefaultOrEmpty
            || best.Subnets.Any(subnet => !CountMetrics.Shown.Select(metric => metric.Name)
                .Concat(best.Budgets.Select(budget => budget.Cost)).All(subnet.Costs.ContainsKey))
            || best.Subnets[0].Id != best.Chosen)
        {
            throw new InputException($"'{path}' was edited. Ask again with 'hwnas best'.");
        }

        return best;
    }
}
