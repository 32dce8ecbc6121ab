using System.Collections.Immutable;
using HwNas.Core.Graphs;

namespace HwNas.Core.Metrics;

/// <summary>
/// Where metrics come from that are known without evaluating a network: its counts, a device's profile. Values come from the
/// network's counts and from sums of block costs, and never fall where one of these rises, so that ranges follow from ranges.
/// </summary>
public interface IMetricSource
{
    /// <summary>The metrics, in the order of their values.</summary>
    ImmutableArray<Metric> Metrics { get; }

    /// <summary>
    /// What they come from beside the space, as a readable text with a hash; null where that is
    /// nothing. A journal belongs to it.
    /// </summary>
    string? Origin { get; }

    /// <summary>Costs that add up over the blocks of a network: of a block, in networks of a resolution.</summary>
    ImmutableArray<Func<Block, int, double>> BlockCosts { get; }

    /// <summary>Writes the values of a network; called very often, by several threads at once.</summary>
    /// <param name="counts">The network's counts.</param>
    /// <param name="blockSums">The sums of <see cref="BlockCosts"/>.</param>
    /// <param name="values">Takes one value for each metric.</param>
    void Compute(NetworkCost counts, ReadOnlySpan<double> blockSums, Span<double> values);
}

/// <summary>What all sources share.</summary>
public static class MetricSourceExtensions
{
    /// <summary>The values of one network, counted from its plan; of many, a <see cref="MetricTable"/> is faster.</summary>
    public static double[] ValuesOf(this IMetricSource source, NetworkPlan plan)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(plan);
        var values = new double[source.Metrics.Length];
        double[] sums = [.. source.BlockCosts.Select(cost => plan.Blocks.Sum(block => cost(block, plan.Input.Height)))];
        source.Compute(NetworkCost.Of(plan), sums, values);
        return values;
    }
}

/// <summary>The counts of a network's plan.</summary>
public sealed class CountMetrics : IMetricSource
{
    /// <summary>Multiply-accumulates.</summary>
    public static Metric Macs { get; } = Of(
        "macs", "MACs", "macs", "300M", new MetricScale("MACs", "Multiply-accumulates", "M", 1e6));

    /// <summary>Parameters.</summary>
    public static Metric Params { get; } = Of(
        "params", "parameters", "params", "5M", new MetricScale("parameters", "Parameters", "M", 1e6));

    /// <summary>Peak memory of activations.</summary>
    public static Metric PeakActivationBytes { get; } =
        Of(
            "peak_activation_bytes", "bytes", "peak-memory", "4MB",
            new MetricScale("peak memory", "Peak activation memory", "kB", 1e3));

    /// <summary>Size of the model.</summary>
    public static Metric ModelBytes { get; } = Of(
        "model_bytes", "bytes", "model-size", "2MB", new MetricScale("model size", "Model size", "kB", 1e3));

    /// <summary>All counts.</summary>
    public static ImmutableArray<Metric> All { get; } = [Macs, Params, PeakActivationBytes, ModelBytes];

    /// <summary>Those that every table shows, and no file lacks; files of before another was counted are still read.</summary>
    public static ImmutableArray<Metric> Shown { get; } = [Macs, Params];

    /// <inheritdoc/>
    public ImmutableArray<Metric> Metrics => All;

    /// <inheritdoc/>
    public string? Origin => null;

    /// <inheritdoc/>
    public ImmutableArray<Func<Block, int, double>> BlockCosts => [];

    /// <inheritdoc/>
    public void Compute(NetworkCost counts, ReadOnlySpan<double> blockSums, Span<double> values) =>
        (values[0], values[1], values[2], values[3]) = (
            counts.Macs, counts.Params, counts.PeakActivationBytes, counts.ModelBytes);

    private static Metric Of(string name, string unit, string option, string example, MetricScale scale) =>
        new(name, Direction.Minimize, unit) { Option = option, Example = example, Scale = scale };
}
