using HwNas.Core.Devices.Measurement;

namespace HwNas.Tests.Devices;

public sealed class RotationTests
{
    private static readonly MeasurementSettings Short = new()
    {
        MinPasses = 50,
        MinSeconds = 0.5,
        MaxSeconds = 2,
        MinSampleUs = 0,
        LeadUs = 0,
    };

    [Fact]
    public void A_steady_device_is_measured_exactly_and_stops_at_the_minimum()
    {
        var device = new SyntheticDevice([100, 2000, 350]);
        var result = Measure(device, 3, Short);

        Assert.Equal(StopReason.Precise, result.StopReason);
        Assert.All(result.Models[1].WallUs, us => Assert.Equal(2000, us));
        // 500 ms of passes of 2.45 ms, looked at every 25 passes.
        Assert.Equal(225, result.Passes.Count);
    }

    [Fact]
    public void Every_model_gives_one_sample_in_each_pass_and_the_order_changes()
    {
        var device = new SyntheticDevice([1000, 1000, 1000, 1000, 1000]);
        var result = Measure(device, 5, Short);

        Assert.All(result.Models, model => Assert.Equal(result.Passes.Count, model.Count));
        var orders = device.Log.TakeLast(5 * result.Passes.Count).Chunk(5).Select(pass => string.Concat(pass.Select(run => run.Model))).ToList();
        Assert.All(orders, order => Assert.Equal("01234", string.Concat(order.Order())));
        Assert.True(orders.Distinct().Count() > 20);
    }

    [Fact]
    public void The_same_seed_gives_the_same_order_and_another_seed_another()
    {
        Assert.Equal(Order(1), Order(1));
        Assert.NotEqual(Order(1), Order(2));

        static List<(int, int)> Order(int seed)
        {
            var device = new SyntheticDevice([1000, 1500, 2000]);
            Measure(device, 3, Short with { Seed = seed });
            return device.Log;
        }
    }

    [Fact]
    public void A_device_that_never_settles_stops_at_the_longest_time()
    {
        // Times alternate between one and three times the cost: no interval of the median becomes narrow.
        var coin = new Random(1);
        var device = new SyntheticDevice([100, 2000]) { Wall = (cost, _) => cost * (coin.Next(2) == 0 ? 1 : 3) };
        Assert.Equal(StopReason.TimeIsUp, Measure(device, 2, Short).StopReason);
        Assert.InRange(device.Elapsed.TotalSeconds, 2, 2.6);
    }

    [Fact]
    public void Warm_up_goes_on_until_times_no_longer_fall()
    {
        var cold = new SyntheticDevice([1000]) { Wall = (cost, now) => cost * (1 + (4 * Math.Exp(-now.TotalMilliseconds / 10))) };
        var warm = new SyntheticDevice([1000]);

        var (coldResult, warmResult) = (Measure(cold, 1, Short), Measure(warm, 1, Short));

        Assert.Equal(10, warmResult.WarmUpPasses);
        Assert.InRange(coldResult.WarmUpPasses, 11, 50);
        Assert.Equal(1000, TimeSummary.Median(coldResult.Models[0].WallUs), 10.0);
    }

    [Fact]
    public void Disturbed_samples_are_counted_and_not_used()
    {
        var device = new SyntheticDevice([1000, 1000])
        {
            IsDisturbed = (model, now) => model == 1 && (int)now.TotalMilliseconds % 10 < 4,
        };
        var result = Measure(device, 2, Short);
        Assert.Equal(0, result.Models[0].Disturbed);
        Assert.True(result.Models[1].Disturbed > 0);
        Assert.Equal(result.Passes.Count, result.Models[1].Count + result.Models[1].Disturbed);
    }

    [Fact]
    public void Short_models_run_several_times_for_a_sample_and_before_it()
    {
        var device = new SyntheticDevice([7, 5000]);
        Measure(device, 2, Short with { MinSampleUs = 1000, LeadUs = 70 });
        Assert.Contains((0, 143), device.Log);
        Assert.Contains((0, 10), device.Log);
        Assert.Equal([1, 3], device.Log.Where(run => run.Model == 1).Select(run => run.Runs).Distinct().Order());
    }

    [Fact]
    public void Cancelling_stops_between_two_passes()
    {
        using var source = new CancellationTokenSource();
        var device = new SyntheticDevice([1000, 1000]) { IsDisturbed = (_, now) => { if (now.TotalMilliseconds > 100) source.Cancel(); return false; } };
        Assert.Throws<OperationCanceledException>(() => new Rotation(device, 2, Short, device).Measure(null, null, source.Token));
        Assert.InRange(device.Elapsed.TotalMilliseconds, 100, 105);
    }

    private static RotationResult Measure(SyntheticDevice device, int models, MeasurementSettings settings) =>
        new Rotation(device, models, settings, device).Measure(null, null, CancellationToken.None);
}
