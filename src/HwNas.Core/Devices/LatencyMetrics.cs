using System.Collections.Immutable;
using System.Globalization;
using HwNas.Core.Graphs;
using HwNas.Core.Metrics;

namespace HwNas.Core.Devices;

/// <summary>
/// The predicted latency on a device: the median, and where a confidence is given also the upper end of its interval, on
/// which limits are then set.
/// </summary>
public sealed class LatencyMetrics : IMetricSource
{
    private readonly LatencyTable _table;
    private readonly double? _confidence;

    /// <summary>Metrics of a device.</summary>
    /// <param name="profile">Its profile.</param>
    /// <param name="table">The profile's table for the space.</param>
    /// <param name="confidence">With which limits hold; null where they hold for the median.</param>
    /// <exception cref="InputException">A confidence is given, and the profile does not say how far to trust it.</exception>
    public LatencyMetrics(DeviceProfile profile, LatencyTable table, double? confidence)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(table);
        if (confidence is not null && !table.HasIntervals)
        {
            throw new InputException(
                $"The profile of '{table.Device}' does not say how far to trust its predictions, so --confidence means nothing "
                + "for it. Leave it out, or measure the device with 'hwnas profile'.");
        }

        (_table, _confidence) = (table, confidence);
        Metrics = confidence is null ? [MedianOn(table.Device)] : [MedianOn(table.Device), UpperOn(table.Device)];
        BlockCosts = [table.LayerUs];

        // The confidence moves what the limits exclude: it belongs to what the costs come from.
        Origin = string.Create(
            CultureInfo.InvariantCulture,
            $"{profile.Device.Id} {profile.Hash}{(confidence is { } wanted ? $" with confidence {wanted:R}" : "")}");
    }

    /// <inheritdoc/>
    public ImmutableArray<Metric> Metrics { get; }

    /// <inheritdoc/>
    public string? Origin { get; }

    /// <inheritdoc/>
    public ImmutableArray<Func<Block, int, double>> BlockCosts { get; }

    /// <summary>The predicted median on a device.</summary>
    public static Metric MedianOn(string device) => new($"latency_us@{device}", Direction.Minimize, "µs")
    {
        Option = "latency",
        Example = "8000",
        Scale = new MetricScale($"latency on {device}", "Predicted latency", "µs"),
    };

    /// <summary>The upper end of the interval on a device.</summary>
    public static Metric UpperOn(string device) => MedianOn(device) with { Name = $"latency_upper_us@{device}", Option = null };

    /// <inheritdoc/>
    public void Compute(NetworkCost counts, ReadOnlySpan<double> blockSums, Span<double> values)
    {
        values[0] = _table.FromLayersUs(blockSums[0]).MedianUs;
        if (_confidence is { } confidence)
            values[1] = _table.FromLayersUs(blockSums[0], confidence).HighUs;
    }
}
