using HwNas.Core.Search.Strategies;

namespace HwNas.Tests.Search.Strategies;

public sealed class SearchRewardsTests
{
    [Fact]
    public void The_soft_reward_of_MnasNet_changes_by_a_fixed_power_of_the_cost()
    {
        // 2 ^ -0.07 = 0.952638, twice; 0.5 ^ -0.07 = 1.049717.
        Assert.Equal(0.8 * 0.952638, SearchRewards.MnasNetSoft(0.25)(0.8, [0.5]), 1e-6);
        Assert.Equal(0.8 * 0.952638 * 0.952638, SearchRewards.MnasNetSoft(0.25)(0.8, [0.5, 0.5]), 1e-6);
        Assert.Equal(0.8 * 1.049717, SearchRewards.MnasNetSoft(1)(0.8, [0.5]), 1e-6);
    }

    [Fact]
    public void The_hard_reward_of_MnasNet_is_the_quality_within_the_target_and_falls_as_its_inverse_beyond()
    {
        Assert.Equal(0.8, SearchRewards.MnasNetHard(0.5)(0.8, [0.1]), 12);
        Assert.Equal(0.8, SearchRewards.MnasNetHard(0.5)(0.8, [0.5]), 12);
        Assert.Equal(0.4, SearchRewards.MnasNetHard(0.5)(0.8, [1]), 12);
        Assert.Equal(0.2, SearchRewards.MnasNetHard(0.25)(0.8, [0.1, 1]), 12);
    }

    [Fact]
    public void The_mixed_reward_of_MONAS_weighs_quality_against_the_mean_cost()
    {
        Assert.Equal((0.7 * 0.9) - (0.3 * 0.4), SearchRewards.Mixed(0.7)(0.9, [0.2, 0.6]), 12);
        Assert.Equal(0.9, SearchRewards.Mixed(1)(0.9, [0.5]), 12);
        Assert.Equal(-0.5, SearchRewards.Mixed(0)(0.9, [0.5]), 12);
    }

    [Theory]
    [InlineData(0.3, 0.5, 0.9)]
    [InlineData(0.5, 0.5, 0.9)]
    [InlineData(0.51, 0.1, 0)]
    [InlineData(0.1, 0.51, 0)]
    public void The_cost_constrained_reward_of_MONAS_is_the_quality_where_every_cost_keeps_the_bound(
        double first, double second, double expected) =>
        Assert.Equal(expected, SearchRewards.CostConstrained(0.5)(0.9, [first, second]));

    [Fact]
    public void The_accuracy_constrained_reward_of_MONAS_is_cheapness_where_the_quality_reaches_the_bound()
    {
        Assert.Equal(0.7, SearchRewards.AccuracyConstrained(0.8)(0.8, [0.3]), 12);
        Assert.Equal(0.5, SearchRewards.AccuracyConstrained(0.8)(0.9, [0.3, 0.7]), 12);
        Assert.Equal(0, SearchRewards.AccuracyConstrained(0.8)(0.79, [0.1]));
    }

    [Fact]
    public void Without_costs_the_quality_decides()
    {
        Assert.Equal(0.6, SearchRewards.MnasNetHard(0.5)(0.6, []));
        Assert.Equal(0.6, SearchRewards.CostConstrained(0.5)(0.6, []));
        Assert.Equal(0.3, SearchRewards.Mixed(0.5)(0.6, []), 12);
    }

    [Fact]
    public void Quality_goes_from_0_to_1_and_costs_from_a_tenth_to_1_over_what_was_seen()
    {
        double[] least = [-90, 100], greatest = [-70, 500];

        Assert.Equal((1, 0.1), Of(-90, 100));
        Assert.Equal((0, 1), Of(-70, 500));
        Assert.Equal((0.75, 0.55), Of(-85, 300));

        (double, double) Of(params double[] losses)
        {
            var (quality, costs) = SearchRewards.Normalized(Pareto.Some.Candidate(losses), least, greatest);
            return (Math.Round(quality, 12), Math.Round(Assert.Single(costs), 12));
        }
    }
}
