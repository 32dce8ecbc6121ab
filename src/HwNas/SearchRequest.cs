using System.Collections.Immutable;
using HwNas.Core.Devices;
using HwNas.Core.Search;

namespace HwNas;

/// <summary>What a search is to reach.</summary>
public sealed record SubnetGoals
{
    /// <summary>Upper limits, by the metric's name; on devices see <see cref="Budget.OfLatencyUs"/>.</summary>
    public ImmutableArray<Budget> Budgets { get; init; } = [];

    /// <summary>
    /// What to optimise, by the metrics' names; none for accuracy and the latencies, or without a device accuracy and MACs.
    /// </summary>
    public ImmutableArray<string> Objectives { get; init; } = [];

    /// <summary>
    /// If given, latency limits hold for the upper end of the interval of this confidence, not only for the median.
    /// </summary>
    public double? Confidence { get; init; }

    /// <summary>The same, with each limit multiplied by a share.</summary>
    public SubnetGoals Tightened(double share) =>
        this with { Budgets = [.. Budgets.Select(budget => budget with { Limit = share * budget.Limit })] };
}

/// <summary>What to search for.</summary>
public sealed record SearchRequest
{
    /// <summary>Evaluations of a search unless others are asked for.</summary>
    public const int DefaultEvaluations = 80;

    /// <summary>The profiles of the devices, one for each.</summary>
    public ImmutableArray<DeviceProfile> Profiles { get; init; } = [];

    /// <summary>Budgets and objectives.</summary>
    public SubnetGoals Goals { get; init; } = new();

    /// <summary>The strategy, its evaluations and its seed.</summary>
    public SearchOptions Options { get; init; } = SearchOptions.Of(DefaultEvaluations);

    /// <summary>Whether this search is continued where it has begun; else it begins anew, with all that is known.</summary>
    public bool Resume { get; init; }
}
