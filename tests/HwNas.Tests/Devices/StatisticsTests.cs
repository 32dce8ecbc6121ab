using HwNas.Core.Devices.Measurement;

namespace HwNas.Tests.Devices;

public sealed class StatisticsTests
{
    [Fact]
    public void A_summary_of_known_values_is_known()
    {
        double[] values = [5, 1, 4, 2, 3, 100];
        var summary = TimeSummary.Of(values);
        Assert.Equal(6, summary.Samples);
        Assert.Equal(1, summary.Outliers);
        Assert.Equal(3.5, summary.MedianUs);
        Assert.Equal(3, summary.MeanUs);
        Assert.Equal(52.5, summary.P90Us);
    }

    [Fact]
    public void Only_upper_outliers_are_left_out()
    {
        var summary = TimeSummary.Of([1, 100, 101, 102, 103, 104, 105]);
        Assert.Equal(0, summary.Outliers);
        Assert.Equal(88, summary.MeanUs, 1e-9);
    }

    [Fact]
    public void One_sample_is_its_own_summary()
    {
        var summary = TimeSummary.Of([7]);
        Assert.Equal(
            (7.0, 7.0, 7.0, 7.0, 7.0, 0),
            (summary.MedianUs, summary.MeanUs, summary.P90Us, summary.CiLowUs, summary.CiHighUs, summary.Outliers));
    }

    [Fact]
    public void The_interval_of_the_median_holds_the_true_median_95_times_of_100()
    {
        // Skewed samples with median 1: exp of symmetric values. Seed 17.
        var random = new Random(17);
        var held = Enumerable.Range(0, 2000).Count(_ =>
        {
            var summary = TimeSummary.Of(
                [.. Enumerable.Range(0, 60).Select(_ => Math.Exp(random.NextDouble() - random.NextDouble()))]);
            return summary.CiLowUs <= 1 && 1 <= summary.CiHighUs;
        });
        Assert.InRange(held, 1880, 1980);
    }

    [Fact]
    public void Cpu_time_is_used_for_one_thread_on_a_busy_machine_only()
    {
        Assert.Equal(TimeSource.Wall, TimeSources.Choose(1.05, threads: 1));
        Assert.Equal(TimeSource.Cpu, TimeSources.Choose(1.3, threads: 1));
        Assert.Equal(TimeSource.Wall, TimeSources.Choose(1.3, threads: 2));
        Assert.Equal(TimeSource.Wall, TimeSources.Choose(0, threads: 1));
    }

    [Fact]
    public void The_scale_that_made_the_times_is_found_and_one_disturbed_network_does_not_bend_it()
    {
        var nets = Enumerable.Range(1, 9).Select(i => new CalibrationNet(100.0 * i, 4, 5 + (1.25 * 100 * i))).ToList();
        Assert.Equal(1.25, Calibration.Fit(5, nets).Scale, 1e-12);
        nets[4] = new CalibrationNet(500, 4, 5000);
        Assert.Equal(1.25, Calibration.Fit(5, nets).Scale, 1e-12);
    }

    [Fact]
    public void Scale_and_step_that_made_the_times_are_found_though_two_networks_were_disturbed()
    {
        var nets = Enumerable.Range(1, 12)
            .Select(i => new CalibrationNet(100.0 * i, 3 + (i * i % 7), 5 + (1.25 * 100 * i) + (7 * (3 + (i * i % 7))))).ToList();
        nets[4] = nets[4] with { MeasuredUs = 5000 };
        nets[9] = nets[9] with { MeasuredUs = 700 };
        var fit = Calibration.Fit(5, nets);
        Assert.Equal(1.25, fit.Scale, 1e-9);
        Assert.Equal(7, fit.StepUs, 1e-9);
    }

    [Fact]
    public void A_network_takes_no_part_in_its_own_prediction()
    {
        CalibrationNet[] nets = [new(100, 4, 100), new(100, 4, 100), new(100, 4, 100), new(100, 4, 200)];
        Assert.Equal([100, 100, 100, 100], Calibration.LeaveOneOut(0, nets).Select(us => Math.Round(us, 9)));
    }

    [Fact]
    public void Errors_of_five_networks_are_those_of_a_calculation_by_hand()
    {
        var errors = PredictionErrors.Of([(101, 100), (98, 100), (206, 200), (320, 400), (327, 300)]);
        Assert.Equal(5, errors.Nets);
        Assert.Equal(3, errors.MedianErrorPercent, 1e-9);
        Assert.Equal(7, errors.MapePercent, 1e-9);
        Assert.Equal(20, errors.WorstErrorPercent, 1e-9);
        Assert.Equal(-1.8, errors.BiasPercent, 1e-9);
        Assert.Equal(60, errors.Within5Percent);
        Assert.Equal(80, errors.Within10Percent);
        // Of 10 pairs one is tied in the measured times, and (320, 400) against (327, 300) is discordant.
        Assert.Equal((8 - 1) / Math.Sqrt(10 * 9), errors.KendallTau, 1e-9);
    }

    [Fact]
    public void Tau_is_one_for_the_same_order_minus_one_for_the_reverse_and_zero_for_a_constant()
    {
        Assert.Equal(1, PredictionErrors.Tau([(1, 10), (2, 20), (3, 30)]), 1e-12);
        Assert.Equal(-1, PredictionErrors.Tau([(1, 30), (2, 20), (3, 10)]), 1e-12);
        Assert.Equal(0, PredictionErrors.Tau([(1, 5), (2, 5), (3, 5)]));
    }
}
