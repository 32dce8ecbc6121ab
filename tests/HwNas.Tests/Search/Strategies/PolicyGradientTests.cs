using HwNas.Core.Pareto;
using HwNas.Core.Search;
using HwNas.Core.Search.Strategies;
using HwNas.Core.Spaces;

namespace HwNas.Tests.Search.Strategies;

public sealed class PolicyGradientTests
{
    [Theory]
    [InlineData(1.0, 2.0, 2.0)]
    [InlineData(1.19, 2.0, 2.38)]
    [InlineData(1.21, 2.0, 0)]
    [InlineData(0.5, 2.0, 1.0)]
    [InlineData(0.81, -2.0, -1.62)]
    [InlineData(0.79, -2.0, 0)]
    [InlineData(1.5, -2.0, -3.0)]
    public void A_sample_stops_pulling_once_its_ratio_has_left_the_clip_in_the_direction_of_its_advantage(
        double ratio, double advantage, double expected) =>
        Assert.Equal(expected, ClippedRatio.Gradient(ratio, advantage), 12);

    [Fact]
    public void The_clipped_gradient_is_the_slope_of_the_clipped_objective()
    {
        const double Step = 1e-6;
        foreach (var logRatio in new[] { -0.6, -0.3, -0.1, 0, 0.1, 0.3, 0.6 })
        {
            foreach (var advantage in new[] { -1.5, 0.7 })
            {
                var slope = (Metric(logRatio + Step, advantage) - Metric(logRatio - Step, advantage)) / (2 * Step);
                Assert.Equal(slope, ClippedRatio.Gradient(Math.Exp(logRatio), advantage), 6);
            }
        }

        static double Metric(double logRatio, double advantage) =>
            Math.Min(Math.Exp(logRatio) * advantage, Math.Clamp(Math.Exp(logRatio), 0.8, 1.2) * advantage);
    }

    [Fact]
    public void The_baseline_begins_with_the_first_batch_and_moves_by_a_tenth()
    {
        var baseline = new RewardBaseline();

        // Mean 2, root mean square around it 1.
        Assert.Equal([-1, 1], baseline.Advantages([1, 3]));

        // The batch before left 2, this one leaves 0.9 * 2 + 0.1 * 12 = 3.
        Assert.Equal([1, 1], baseline.Advantages([12, 12]));
        Assert.Equal([0, 0], baseline.Advantages([3, 3]));
    }

    [Fact]
    public void What_is_added_to_all_rewards_changes_no_advantage()
    {
        var (plain, shifted) = (new RewardBaseline(), new RewardBaseline());
        var random = new Random(5);
        for (var batch = 0; batch < 10; batch++)
        {
            var rewards = Enumerable.Range(0, 8).Select(_ => random.NextDouble()).ToArray();
            var advantages = plain.Advantages(rewards).Zip(shifted.Advantages(Array.ConvertAll(rewards, r => r + 100)));
            Assert.All(advantages, pair => Assert.Equal(pair.First, pair.Second, 9));
        }
    }

    [Fact]
    public void The_probabilities_of_all_networks_add_up_to_1_and_are_those_of_the_samples()
    {
        var space = new GenomeSpace([Gene(0, 3), Gene(1, 2)]);
        var policy = Trained(space, space.Create([2, 1]));
        var probabilities = space.Enumerate().ToDictionary(g => g, g => Math.Exp(policy.LogProbability(g)));
        Assert.Equal(1, probabilities.Values.Sum(), 9);

        var random = new Random(3);
        var counts = Enumerable.Range(0, 20_000).Select(_ => policy.Sample(random)).CountBy(g => g).ToDictionary();
        Assert.All(probabilities, pair => Assert.Equal(pair.Value, counts.GetValueOrDefault(pair.Key) / 20_000.0, 0.015));
    }

    [Fact]
    public void A_step_raises_what_did_well_and_the_entropy_bonus_pulls_back()
    {
        var space = new GenomeSpace([Gene(0, 3), Gene(1, 2)]);
        var winner = space.Create([2, 1]);
        var policy = Trained(space, winner);
        var raised = policy.LogProbability(winner);
        Assert.True(raised > Math.Log(1 / 6.0) + 0.5, $"log π = {raised}");

        for (var i = 0; i < 500; i++)
            policy.Step([], 0.1, entropyBonus: 1);
        Assert.Equal(Math.Log(1 / 6.0), policy.LogProbability(winner), 3);
    }

    [Theory]
    [InlineData("reinforce")]
    [InlineData("ppo")]
    public void A_policy_learns_nothing_from_what_it_did_not_draw(string name)
    {
        // The strangers are as good and as cheap as the best draw; so many genes that none of them is drawn.
        var space = new GenomeSpace(Enumerable.Range(0, 40).Select(place => Gene(place, 4)));
        var problem = new SearchProblem(
            space, "s", [TestProblem.Accuracy, TestProblem.Macs], KnownCosts.None, ["accuracy", "macs"], []);
        var random = new Random(7);
        Candidate[] strangers =
            [.. Enumerable.Range(0, 16).Select(_ => problem.CandidateOf(space.Sample(random), [60, 1]))];

        Assert.Equal(Asked([]), Asked(strangers));

        List<string> Asked(Candidate[] fillIns)
        {
            var strategy = SearchStrategies.Find(name).Create(new StrategyContext(problem, 500, new Random(1)));
            var asked = new List<string>();
            for (var round = 0; round < 12; round++)
            {
                var batch = strategy.Ask([]);
                asked.AddRange(batch.Select(genome => genome.ToString()));
                strategy.Tell([.. batch.Select((genome, i) => problem.CandidateOf(genome, [60 - i, 1 + i])), .. fillIns]);
            }

            return asked;
        }
    }

    private static GenePolicy Trained(GenomeSpace space, Genome winner)
    {
        var policy = new GenePolicy(space);
        for (var i = 0; i < 10; i++)
            policy.Step([(winner, 1)], 0.1, entropyBonus: 0);
        return policy;
    }

    private static Gene Gene(int place, int choices) =>
        new(GeneKind.Operator, place, -1, $"g{place}", [.. Enumerable.Range(0, choices)]);
}
