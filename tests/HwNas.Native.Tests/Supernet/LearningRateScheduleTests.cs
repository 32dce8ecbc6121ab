using HwNas.Supernet.Training;
using HwNas.Supernet.Training.Recipes;

namespace HwNas.Native.Tests.Supernet;

public sealed class LearningRateScheduleTests
{
    private static readonly TrainingOptions Options = new()
    {
        Steps = 1000,
        Recipe = new() { WarmupSteps = 100, LearningRate = 0.2, DecayShare = 0.8, EndingFraction = 0.05 },
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

    [Fact]
    public void Along_a_cosine_it_is_halfway_down_in_the_middle_and_ends_where_it_is_told()
    {
        var cosine = Options with { Recipe = Options.Recipe with { Schedule = ScheduleKind.Cosine } };
        Assert.Equal(0.2, LearningRateSchedule.At(cosine, 100), 12);
        Assert.Equal((0.2 + 0.01) / 2, LearningRateSchedule.At(cosine, 450), 12);
        Assert.Equal(0.01, LearningRateSchedule.At(cosine, 800), 12);
        Assert.Equal(0.01, LearningRateSchedule.At(cosine, 999), 12);
    }

    [Fact]
    public void A_rate_that_is_meant_for_a_batch_is_in_proportion_for_another()
    {
        var bignas = Options with { BatchSize = 64, Recipe = RecipePresets.Find("bignas")! with { WarmupSteps = 0 } };
        Assert.Equal(0.256 * 64 / 4096, LearningRateSchedule.At(bignas, 0), 12);
    }
}
