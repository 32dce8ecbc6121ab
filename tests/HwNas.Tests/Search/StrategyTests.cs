using HwNas.Core.Search;
using HwNas.Core.Spaces;

namespace HwNas.Tests.Search;

public sealed class StrategyTests
{
    public static TheoryData<string> Names => [.. SearchStrategies.All.Select(s => s.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_same_seed_gives_the_same_evaluations(string strategy) =>
        Assert.Equal(Run(strategy, 1).Evaluated.Describe(), Run(strategy, 1).Evaluated.Describe());

    [Theory]
    [MemberData(nameof(Names))]
    public void Another_seed_gives_other_evaluations(string strategy) =>
        Assert.NotEqual(Run(strategy, 1).Evaluated.Describe(), Run(strategy, 2).Evaluated.Describe());

    [Theory]
    [MemberData(nameof(Names))]
    public void Nothing_is_asked_for_twice(string strategy)
    {
        var problem = TestProblem.Create();
        var proposals = SearchStrategies.Find(strategy).Create(new StrategyContext(problem, 300, new Random(1)));
        var asked = new List<Genome>();
        while (asked.Count < 300)
        {
            var batch = proposals.Ask([]);
            asked.AddRange(batch);
            proposals.Tell([.. batch.Select(genome => problem.CandidateOf(genome, TestProblem.Evaluate(genome, default)))]);
        }

        Assert.Equal(asked.Count, asked.Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_evaluations_are_spent_within_the_limits(string strategy)
    {
        var result = TestProblem.Run(
            TestProblem.Create(new Limit("macs", LimitKind.AtMost, 90)),
            new SearchOptions { Strategy = strategy, Evaluations = 150, Seed = 1 });

        Assert.Equal((150, StopReason.EvaluationsSpent), (result.Evaluated.Length, result.StopReason));
        Assert.All(result.Evaluated, c => Assert.True(c.IsFeasible));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Limits_that_only_an_evaluation_reveals_are_met_too(string strategy)
    {
        var problem = TestProblem.CreateUnknown(
            new Limit("macs", LimitKind.AtMost, 60), new Limit("accuracy", LimitKind.AtLeast, 75));
        var result = TestProblem.Run(
            problem, new SearchOptions { Strategy = strategy, Evaluations = 250, Seed = 1 }, TestProblem.EvaluateUnknown);

        Assert.NotEmpty(result.Front);
        Assert.All(result.Front, c => Assert.True(c.Metrics[0] >= 75 && c.Metrics[1] <= 60));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_tiny_space_is_searched_to_its_end(string strategy)
    {
        var space = new GenomeSpace(Enumerable.Range(0, 3).Select(i =>
            new Gene(GeneKind.Operator, i, -1, $"g{i}", [0, 1])));
        var problem = new SearchProblem(
            space, "tiny", [TestProblem.Accuracy, TestProblem.Macs], KnownCosts.None, ["accuracy", "macs"], []);
        var result = TestProblem.Run(problem, new SearchOptions { Strategy = strategy, Evaluations = 100, Seed = 1 },
            (genome, _) => [genome[0] + (2 * genome[1]), genome[0] + genome[1] + genome[2]]);

        Assert.NotEqual(StopReason.EvaluationsSpent, result.StopReason);
        Assert.Contains("110", result.Front.Select(c => c.Genome.ToString()));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void No_strategy_loses_to_random_search(string strategy)
    {
        var ratio = Enumerable.Range(0, 5).Average(seed => Run(strategy, seed).Hypervolume)
            / Enumerable.Range(0, 5).Average(seed => Run("random", seed).Hypervolume);

        Assert.True(ratio >= 1, $"{strategy} reaches {ratio:P1} of random search's hypervolume.");
    }

    [Fact]
    public void Coarse_to_fine_comes_close_to_the_true_front()
    {
        var problem = TestProblem.Create();
        var best = TestProblem.TrueFront(problem).Hypervolume([-60, 300]);

        Assert.InRange(Run(SearchStrategies.Default, 1).Hypervolume / best, 0.93, 1);
    }

    private static SearchResult Run(string strategy, int seed) => TestProblem.Run(
        TestProblem.Create(), new SearchOptions { Strategy = strategy, Evaluations = 200, Seed = seed, Reference = [60, 300] });
}
