using HwNas.Core.Devices.Measurement;
using HwNas.Core.Files;
using HwNas.Core.Statistics;

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
        var orders = device.Log.TakeLast(5 * result.Passes.Count)
            .Chunk(5)
            .Select(pass => string.Concat(pass.Select(run => run.Model))).ToList();
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
        Assert.Equal(StopReason.TimeIsUp, Measure(device, 2, Short, threads: 2).StopReason);
        Assert.InRange(device.Elapsed.TotalSeconds, 2, 2.6);
    }

    [Fact]
    public void On_a_busy_machine_the_clock_that_the_profile_uses_decides()
    {
        // Others take the processor at random; what one thread needs of it is steady.
        var coin = new Random(1);
        var device = new SyntheticDevice([100, 2000]) { Wall = (cost, _) => cost * (coin.Next(2) == 0 ? 1 : 3) };
        var result = Measure(device, 2, Short, threads: 1);

        Assert.Equal(StopReason.Precise, result.StopReason);
        Assert.Equal(0, StopRule.TypicalHalfWidth(result.Models, TimeSource.Cpu));
        Assert.True(StopRule.TypicalHalfWidth(result.Models, TimeSource.Wall) > 0.1);
    }

    [Theory]
    [InlineData(400_000, 5)]
    [InlineData(3_000_000, StopRule.LeastPasses)]
    public void A_time_cap_is_a_cap_though_fewer_passes_are_done_than_wished(double passUs, int passes)
    {
        var device = new SyntheticDevice([passUs]);
        var result = Measure(device, 1, Short with { MaxSeconds = 2 });

        Assert.Equal((StopReason.TimeIsUp, passes), (result.StopReason, result.Passes.Count));
        // The pilot runs a model four times, and warming up has a cap of its own.
        Assert.InRange(device.Elapsed.TotalSeconds, 0, (passUs * (4 + passes) / 1e6) + 2 + (passUs / 1e6));
    }

    [Fact]
    public void No_more_times_are_kept_than_can_be_read_again()
    {
        const int models = 300_000;
        var pass = new MeasuredPass(
            1, [.. Enumerable.Repeat(9_999_999_999, models)], [.. Enumerable.Repeat(9_999_999_999, models)]);
        var passes = new List<MeasuredPass>();
        while (StopRule.Decide(passes, models, 1, TimeSpan.Zero, Short with { MaxPasses = 2_000 }) is null)
            passes.Add(pass);

        Assert.InRange(passes.Count, StopRule.LeastPasses, 20);
        var bytes =
            passes.Count * (long)System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(pass, StrictJson.LineOptions).Length;
        Assert.InRange(bytes, StrictJson.MaxFileBytes / 2, StrictJson.MaxFileBytes);
    }

    [Fact]
    public void Warm_up_goes_on_until_times_no_longer_fall()
    {
        var cold = new SyntheticDevice([1000]) { Wall = (cost, now) => cost * (1 + (4 * Math.Exp(-now.TotalMilliseconds / 10))) };
        var warm = new SyntheticDevice([1000]);

        var (coldResult, warmResult) = (Measure(cold, 1, Short), Measure(warm, 1, Short));

        Assert.Equal(10, warmResult.WarmUpPasses);
        Assert.InRange(coldResult.WarmUpPasses, 11, 50);
        Assert.Equal(1000, Quantiles.Median(coldResult.Models[0].WallUs), 10.0);
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
        var device = new SyntheticDevice([1000, 1000])
        {
            IsDisturbed = (_, now) =>
            {
                if (now.TotalMilliseconds > 100)
                    source.Cancel();
                return false;
            },
        };
        Assert.Throws<OperationCanceledException>(() => new Rotation(device, 2, Short, device).Measure(null, null, source.Token));
        Assert.InRange(device.Elapsed.TotalMilliseconds, 100, 105);
    }

    private static RotationResult Measure(SyntheticDevice device, int models, MeasurementSettings settings, int threads = 1) =>
        new Rotation(device, models, settings, device, threads).Measure(null, null, CancellationToken.None);
}
