using HwNas.Cli.Commands;

namespace HwNas.Native.Tests.Commands;

public sealed class QuickstartLengthTests
{
    [Theory]
    [InlineData(6, 900, 80, 45)]
    [InlineData(6, 280, 80, 45)]
    [InlineData(20, 280, 200, 60)]
    public void What_is_left_of_the_minutes_is_trained(double minutes, double imagesPerSecond, int evaluations, double profile)
    {
        var steps = QuickstartLength.Steps(minutes, imagesPerSecond, batchSize: 64, evaluations, profile);
        var trained = steps * 64 / imagesPerSecond;
        Assert.InRange(trained, 60, (minutes * 60) - profile);

        // Another minute is a minute of training.
        var more = QuickstartLength.Steps(minutes + 1, imagesPerSecond, batchSize: 64, evaluations, profile) - steps;
        Assert.InRange(more * 64 / imagesPerSecond, 60 - (100 * 64 / imagesPerSecond), 60 + (100 * 64 / imagesPerSecond));
        Assert.Equal(0, steps % 100);
    }

    [Theory]
    [InlineData(6, 1, QuickstartLength.Fewest)]
    [InlineData(0.1, 900, QuickstartLength.Fewest)]
    [InlineData(6, 1e9, QuickstartLength.Most)]
    public void Very_slow_and_very_fast_machines_train_within_limits(double minutes, double imagesPerSecond, int expected) =>
        Assert.Equal(
            expected, QuickstartLength.Steps(minutes, imagesPerSecond, batchSize: 64, evaluations: 80, profileSeconds: 45));
}
