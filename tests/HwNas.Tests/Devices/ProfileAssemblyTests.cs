using HwNas.Core;
using HwNas.Core.Devices;
using HwNas.Core.Devices.Coverage;
using HwNas.Core.Devices.Measurement;
using HwNas.Core.Graphs;
using HwNas.Core.Spaces;
using HwNas.Core.Spaces.MbConv;
using HwNas.Tests.Spaces;

namespace HwNas.Tests.Devices;

/// <summary>From synthetic times with known answers to a profile's figures.</summary>
public sealed class ProfileAssemblyTests
{
    private static readonly SyntheticRecord Some = new(SmallSpaces.PerStage);

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(-2)]
    public void An_additive_device_is_predicted_exactly(double stepUs)
    {
        var profile = ProfileAssembly.Profile((Some with { StepUs = stepUs }).Measure());

        Assert.Equal(SyntheticRecord.OverheadUs, profile.Calibration.OverheadUs, 1e-9);
        Assert.Equal(1.25, profile.Calibration.Scale, 1e-3);
        Assert.Equal(stepUs, profile.Calibration.StepUs, 0.1);
        Assert.All(SmallSpaces.PerStage.DistinctBlocks().Zip(profile.Entries), pair =>
            Assert.Equal(SyntheticRecord.OverheadUs + Some.LayerUs(pair.First), pair.Second.MedianUs, 1e-3));
        // Times are kept in whole nanoseconds.
        Assert.Equal(0, profile.Validation.LeaveOneOut!.WorstErrorPercent, 0.01);
        Assert.Equal(0, profile.Validation.HeldOut!.WorstErrorPercent, 0.01);
        Assert.Equal(0, profile.Validation.NoiseFloorPercent!.Value, 1e-9);
        Assert.Equal(TimeSource.Wall, profile.Protocol.Source);
        Assert.Empty(profile.Warnings);
    }

    [Fact]
    public void The_table_of_a_profile_predicts_what_the_device_takes()
    {
        var table = LatencyTable.For(ProfileAssembly.Profile((Some with { StepUs = 3 }).Measure()), SmallSpaces.PerStage);
        var plan = SmallSpaces.PerStage.PlanOf(SmallSpaces.PerStage.Largest);
        var expected = SyntheticRecord.OverheadUs + plan.Blocks.Sum(layer => (1.25 * Some.LayerUs(layer)) + 3);
        Assert.Equal(expected, table.Estimate(plan).MedianUs, expected / 1000);
    }

    [Fact]
    public void Interruptions_that_hit_long_models_more_are_seen_through_by_cpu_time()
    {
        // Another process takes the core for 50 µs with a probability that grows with the length of the run.
        var random = new Random(5);
        var profile = ProfileAssembly.Profile(
            (Some with { Wall = (cost, _) => random.NextDouble() < cost / 150 ? cost + 50 : cost }).Measure());

        Assert.Equal(TimeSource.Cpu, profile.Protocol.Source);
        Assert.Equal(1.25, profile.Calibration.Scale, 1e-3);
        Assert.Contains(profile.Warnings, warning => warning.Contains("CPU time", StringComparison.Ordinal));
    }

    [Fact]
    public void Drift_that_hits_all_models_leaves_predictions_right_and_is_reported()
    {
        var profile = ProfileAssembly.Profile(
            (Some with { Wall = (cost, now) => cost * (1 + (0.1 * now.TotalSeconds)) }).Measure());

        Assert.True(profile.Protocol.DriftPercent > 5);
        Assert.Contains(profile.Warnings, warning => warning.Contains("drifted", StringComparison.Ordinal));
        Assert.True(profile.Validation.HeldOut!.WorstErrorPercent < 1);
    }

    [Fact]
    public void A_device_with_two_speeds_is_measured_as_well_as_one_with_one()
    {
        // Now and then, for some passes, all models take 1.4 times as long.
        var profile = ProfileAssembly.Profile(
            (Some with { Wall = (cost, now) => (int)(now.TotalMilliseconds / 40) % 5 < 2 ? 1.4 * cost : cost, Seconds = 4 })
                .Measure());

        Assert.InRange(profile.Protocol.PrecisionPercent!.Value, 0, 0.5);
        Assert.True(profile.Validation.HeldOut!.WorstErrorPercent < 0.5);
        Assert.True(profile.Validation.NoiseFloorPercent < 0.5);
    }

    [Fact]
    public void Noise_shows_in_the_noise_floor_and_in_wide_intervals()
    {
        var random = new Random(9);
        var profile = ProfileAssembly.Profile(
            (Some with { Wall = (cost, _) => cost * (1 + (0.16 * random.NextDouble())) }).Measure());

        Assert.True(profile.Validation.NoiseFloorPercent > 0.05);
        Assert.True(profile.Validation.IntervalPercent > profile.Validation.LeaveOneOut!.MedianErrorPercent);
        Assert.All(profile.Entries, entry => Assert.True(entry.CiLowUs < entry.MedianUs && entry.MedianUs < entry.CiHighUs));
    }

    [Fact]
    public void A_layer_that_is_faster_than_doing_nothing_is_free_and_marked()
    {
        var free = SmallSpaces.PerStage.DistinctBlocks()[0].LatencyKey;
        var profile = ProfileAssembly.Profile(
            (Some with { LayerUs = layer => layer.LatencyKey == free ? -1 : Some.LayerUs(layer) }).Measure());
        Assert.Equal(EntryMark.BelowOverhead, Assert.Single(profile.Entries[0].Flags));
        Assert.DoesNotContain(profile.Entries.Skip(1), entry => entry.Flags.Contains(EntryMark.BelowOverhead));
    }

    [Fact]
    public void Layers_that_were_not_measured_are_predicted_and_marked()
    {
        var space = MbConvSpace.Load("fashion-mnist");
        var layers = space.DistinctBlocks();
        var least = CoverageDesign.LeastLayers(layers);
        var chosen = CoverageDesign.Choose(layers, new HashSet<string>(), _ => 1, least + 4)
            .Select(layer => layer.LatencyKey).ToHashSet();
        var record = new SyntheticRecord(space) { Measures = layer => chosen.Contains(layer.LatencyKey) }.Measure();
        var profile = ProfileAssembly.Profile(record);

        Assert.InRange(least, 20, layers.Count / 2);
        Assert.Equal(least + 4, record.Job.Plan.Layers.Length);
        Assert.Empty(LatencyTable.MissingLayers(profile, space));
        var predicted = profile.Entries.Where(entry => entry.Flags.Contains(EntryMark.Predicted)).ToList();
        Assert.Equal(layers.Count - record.Job.Plan.Layers.Length, predicted.Count);
        // The synthetic device's times are what the model assumes: a constant and rates of work.
        Assert.All(predicted, entry =>
            Assert.Equal(
                SyntheticRecord.OverheadUs + Some.LayerUs(layers.Single(layer => layer.LatencyKey == entry.Layer)),
                entry.MedianUs, 0.02 * entry.MedianUs));
    }

    [Fact]
    public void Layers_unlike_all_measured_ones_are_not_predicted()
    {
        var record =
            (Some with { Measures = layer => layer.Find("depthwise") is not { Operation: Convolution { Kernel: 7 } } }).Measure();
        Assert.Contains(
            "k7", Assert.Throws<InputException>(() => ProfileAssembly.Profile(record)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_measurement_at_another_speed_fits_to_the_first()
    {
        var number = 0;
        var first = (Some with { Measures = _ => number++ % 3 > 0 }).Measure();
        number = 0;
        var second = (Some with { Measures = _ => number++ % 3 == 0, Wall = (cost, _) => cost * 1.3 }).Measure();
        var profile = ProfileAssembly.Profile(first, second);

        Assert.DoesNotContain(profile.Entries, entry => entry.Flags.Contains(EntryMark.Predicted));
        var layers = SmallSpaces.PerStage.DistinctBlocks().ToDictionary(layer => layer.LatencyKey);
        Assert.All(
            profile.Entries,
            entry => Assert.Equal(SyntheticRecord.OverheadUs + Some.LayerUs(layers[entry.Layer]), entry.MedianUs, 0.01));
        Assert.Equal(0, profile.Validation.HeldOut!.WorstErrorPercent, 0.01);
    }

    [Fact]
    public void Measurements_of_different_devices_are_not_mixed()
    {
        var record = Some.Measure();
        var other = record with { Device = record.Device with { CpuModel = "another" } };
        Assert.Contains(
            "cannot be mixed",
            Assert.Throws<InputException>(() => ProfileAssembly.Profile(record, other)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Without_measured_layers_the_networks_alone_are_explained()
    {
        // All networks together cost less than their parts, and no layer was measured: a runtime that compiles graphs.
        var profile = ProfileAssembly.Profile((Some with { Measures = _ => false, Nets = 60, Scale = 0.8 }).Measure());

        Assert.All(profile.Entries, entry => Assert.Contains(EntryMark.Predicted, entry.Flags));
        Assert.Empty(LatencyTable.MissingLayers(profile, SmallSpaces.PerStage));
        Assert.InRange(profile.Validation.LeaveOneOut!.MedianErrorPercent, 0, 2);
        Assert.True(profile.Validation.LeaveOneOut!.KendallTau > 0.95);
    }

    [Fact]
    public void Intervals_hold_about_as_often_as_they_say()
    {
        // Networks deviate from the sum of their layers by 3 %, each in its own way, whoever measures them.
        var held = 0;
        for (var seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            (double, double)[] Draw(int count) =>
                [.. Enumerable.Range(0, count).Select(_ => (100.0, 100 * (1 + (0.03 * Gauss(random)))))];
            var reach = PredictionInterval.HalfWidthPercent(Draw(20));
            held += Draw(60).Count(net => Math.Abs(net.Item2 - 100) <= reach);
        }

        Assert.InRange(held, 0.92 * 1200, 0.98 * 1200);
        Assert.True(PredictionInterval.Widening(0.99, 20) > 1.2);
        Assert.Equal(1, PredictionInterval.Widening(0.95, 20), 1e-12);
    }

    private static double Gauss(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
