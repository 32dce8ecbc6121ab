using HwNas.Core.Devices;
using HwNas.Core.Devices.Measurement;

namespace HwNas.Tests.Devices;

/// <summary>From synthetic times with known answers to a profile's figures.</summary>
public sealed class ProfileAssemblyTests
{
    private const double OverheadUs = 4;
    private const double Scale = 1.25;

    // Layers as run alone, overhead included.
    private static readonly double[] LayersUs = [24, 44, 104, 64];
    private static readonly int[][] Nets = [[0, 1], [0, 2], [1, 2, 3], [0, 1, 2, 3], [2, 2, 3], [3, 1]];

    [Fact]
    public void An_additive_device_is_predicted_exactly()
    {
        var assembly = Assemble(new SyntheticDevice(Costs()));

        Assert.Equal(OverheadUs, assembly.Calibration.OverheadUs, 1e-9);
        Assert.Equal(Scale, assembly.Calibration.Scale, 1e-9);
        Assert.Equal(LayersUs, assembly.Entries.Select(entry => entry.MedianUs));
        Assert.Equal(0, assembly.Validation.LeaveOneOut.WorstErrorPercent, 1e-9);
        Assert.Equal(0, assembly.Validation.HeldOut!.WorstErrorPercent, 1e-9);
        Assert.Equal(0, assembly.Validation.NoiseFloorPercent, 1e-9);
        Assert.Equal(TimeSource.Wall, assembly.Source);
        Assert.Empty(assembly.Warnings);
    }

    [Fact]
    public void Interruptions_that_hit_long_models_more_are_seen_through_by_cpu_time()
    {
        // Another process takes the core for 50 µs with a probability that grows with the length of the run.
        var random = new Random(5);
        var assembly = Assemble(new SyntheticDevice(Costs()) { Wall = (cost, _) => random.NextDouble() < cost / 150 ? cost + 50 : cost });

        Assert.Equal(TimeSource.Cpu, assembly.Source);
        Assert.Equal(Scale, assembly.Calibration.Scale, 1e-9);
        Assert.Contains(assembly.Warnings, warning => warning.Contains("CPU time", StringComparison.Ordinal));
    }

    [Fact]
    public void Drift_that_hits_all_models_leaves_predictions_right_and_is_reported()
    {
        var device = new SyntheticDevice(Costs()) { Wall = (cost, now) => cost * (1 + (0.1 * now.TotalSeconds)) };
        var assembly = Assemble(device);

        Assert.True(assembly.DriftPercent > 5);
        Assert.Contains(assembly.Warnings, warning => warning.Contains("drifted", StringComparison.Ordinal));
        Assert.True(assembly.Validation.HeldOut!.WorstErrorPercent < 1);
    }

    [Fact]
    public void Noise_shows_in_the_noise_floor_and_in_wide_intervals()
    {
        var random = new Random(9);
        var assembly = Assemble(new SyntheticDevice(Costs()) { Wall = (cost, _) => cost * (1 + (0.16 * random.NextDouble())) });

        Assert.True(assembly.Validation.NoiseFloorPercent > 0.05);
        Assert.True(assembly.Validation.IntervalPercent > assembly.Validation.LeaveOneOut.MedianErrorPercent);
        Assert.All(assembly.Entries, entry => Assert.True(entry.CiLowUs < entry.MedianUs && entry.MedianUs < entry.CiHighUs));
    }

    [Fact]
    public void A_layer_that_is_faster_than_doing_nothing_is_free_and_marked()
    {
        var costs = Costs();
        costs[1] = 3;
        var assembly = Assemble(new SyntheticDevice(costs));
        Assert.Equal(EntryMark.BelowOverhead, Assert.Single(assembly.Entries[0].Flags));
        Assert.DoesNotContain(assembly.Entries.Skip(1), entry => entry.Flags.Contains(EntryMark.BelowOverhead));
    }

    private static double[] Costs() =>
        [OverheadUs, .. LayersUs, .. Nets.Select(net => OverheadUs + (Scale * net.Sum(layer => LayersUs[layer] - OverheadUs)))];

    private static ProfileAssembly Assemble(SyntheticDevice device)
    {
        var plan = new RotationPlan(
            [.. LayersUs.Select((_, i) => $"layer{i}")],
            [.. Nets.Select((net, i) => new RotationNet($"net{i}", [.. net.Select(layer => $"layer{layer}")], Calibrates: i < 4))]);
        var settings = new MeasurementSettings { MinSeconds = 1, MaxSeconds = 2, MinSampleUs = 0, LeadUs = 0 };
        return ProfileAssembly.Of(plan, new Rotation(device, plan.ModelNames.Count(), settings, device).Measure(null, null, CancellationToken.None).Models, threads: 1);
    }
}
