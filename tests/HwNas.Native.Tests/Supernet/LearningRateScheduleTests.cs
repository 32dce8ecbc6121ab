using HwNas.Supernet.Training;

namespace HwNas.Native.Tests.Supernet;

public sealed class LearningRateScheduleTests
{
    private static readonly TrainingOptions Options = new()
    {
        Steps = 1000,
        WarmupSteps = 100,
        LearningRate = 0.2,
        DecayShare = 0.8,
        EndingFraction = 0.05,
    };

    [Fact]
    public void Rises_linearly_then_falls_by_one_factor_then_stays_at_the_ending()
    {
        var rates = Enumerable.Range(0, 1000).Select(step => LearningRateSchedule.At(Options, step)).ToArray();
        Assert.Equal(0.002, rates[0], 12);
        Assert.Equal(0.2, rates[99], 12);
        Assert.Equal(0.2, rates[100], 12);
        for (var step = 101; step < 800; step++)
            Assert.Equal(rates[101] / rates[100], rates[step] / rates[step - 1], 9);
        Assert.All(rates[800..], rate => Assert.Equal(0.01, rate, 12));
    }
}
