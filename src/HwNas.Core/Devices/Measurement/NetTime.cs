using System.Collections.Immutable;
using HwNas.Core.Statistics;

namespace HwNas.Core.Devices.Measurement;

/// <summary>A whole network that was measured in the same rotation as the layers.</summary>
/// <param name="Architecture">The architecture's canonical text.</param>
/// <param name="Layers">The latency keys of its layers, in order.</param>
/// <param name="MeasuredUs">Its median time, in microseconds.</param>
/// <param name="SplitHalfPercent">Difference between the medians of its odd and even passes, in percent: the noise
/// of the measurement itself.</param>
public sealed record NetTime(string Architecture, ImmutableArray<string> Layers, double MeasuredUs, double SplitHalfPercent)
{
    /// <summary>Summarises the samples of a network.</summary>
    public static NetTime Of(string architecture, ImmutableArray<string> layers, ModelSamples samples, TimeSource source)
    {
        ArgumentNullException.ThrowIfNull(samples);
        var values = samples.Values(source);
        var median = Quantiles.Median(values);
        var halves = values.Index().ToLookup(value => value.Index % 2, value => value.Item);
        var difference = values.Count < 2 ? double.NaN : Quantiles.Median(halves[0]) - Quantiles.Median(halves[1]);
        return new NetTime(architecture, layers, median, 100 * Math.Abs(difference) / median);
    }
}
