using System.Collections.Immutable;
using HwNas.Core.Statistics;

namespace HwNas.Core.Devices.Measurement;

/// <summary>The medians of one measurement: overhead, layers, networks.</summary>
/// <param name="OverheadUs">Time of a run that computes nothing, in microseconds.</param>
/// <param name="Entries">The layers, overhead included.</param>
/// <param name="Nets">The networks.</param>
internal sealed record MeasuredTable(double OverheadUs, ImmutableArray<LatencyEntry> Entries, ImmutableArray<NetTime> Nets)
{
    private const double NoisyHalfWidth = 0.03;

    /// <summary>Summarises samples.</summary>
    /// <param name="plan">What was measured.</param>
    /// <param name="models">The samples, in the plan's order.</param>
    /// <param name="source">The clock to look at.</param>
    public static MeasuredTable Of(RotationPlan plan, IReadOnlyList<ModelSamples> models, TimeSource source)
    {
        var overheadUs = Quantiles.Median(models[0].Values(source));
        return new MeasuredTable(
            overheadUs,
            [.. plan.Layers.Select((layer, i) => Entry(layer, models[1 + i], source, overheadUs))],
            [.. plan.Nets.Select(
                (net, i) => NetTime.Of(net.Architecture, net.Layers, models[1 + plan.Layers.Length + i], source))]);
    }

    /// <summary>
    /// Adds the layers that only another measurement of the same device has. It may have run faster or slower as a
    /// whole; the networks, which both have, say by how much.
    /// </summary>
    public MeasuredTable With(MeasuredTable other)
    {
        var speed = Quantiles.Median(
            Nets.Zip(other.Nets, (here, there) => (here.MeasuredUs - OverheadUs) / (there.MeasuredUs - other.OverheadUs)));
        var known = Entries.Select(entry => entry.Layer).ToHashSet();
        return this with { Entries = [.. Entries, .. other.Entries.Where(entry => !known.Contains(entry.Layer)).Select(Here)] };

        LatencyEntry Here(LatencyEntry entry) => entry with
        {
            MedianUs = HereUs(entry.MedianUs),
            MeanUs = HereUs(entry.MeanUs),
            P90Us = HereUs(entry.P90Us),
            CiLowUs = HereUs(entry.CiLowUs),
            CiHighUs = HereUs(entry.CiHighUs),
            CpuMedianUs = speed * entry.CpuMedianUs,
        };

        double HereUs(double us) => Math.Max(1e-3, OverheadUs + (speed * (us - other.OverheadUs)));
    }

    private static LatencyEntry Entry(string layer, ModelSamples samples, TimeSource source, double overheadUs)
    {
        var summary = TimeSummary.Of(samples.Values(source));
        var flags = ImmutableArray.CreateBuilder<EntryMark>();
        if (summary.RelativeHalfWidth > NoisyHalfWidth)
            flags.Add(EntryMark.Noisy);
        if (summary.MedianUs <= overheadUs)
            flags.Add(EntryMark.BelowOverhead);
        return new LatencyEntry(
            layer, summary.Samples, summary.MedianUs, summary.MeanUs, summary.P90Us, summary.CiLowUs, summary.CiHighUs,
            Quantiles.Median(samples.CpuUs), flags.ToImmutable());
    }
}
