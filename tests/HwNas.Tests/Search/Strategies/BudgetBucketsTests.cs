using HwNas.Core.Pareto;
using HwNas.Core.Search;
using HwNas.Core.Search.Strategies;
using HwNas.Core.Spaces;

namespace HwNas.Tests.Search.Strategies;

public sealed class BudgetBucketsTests
{
    private static readonly GenomeSpace Space = new(
        Enumerable.Range(0, 2).Select(i => new Gene(GeneKind.Operator, i, -1, $"g{i}", [0, 1, 2])));
    private static readonly SearchProblem Problem = new(
        Space, "s", [TestProblem.Accuracy, TestProblem.Macs], KnownCosts.None, ["accuracy", "macs"],
        [new Limit("accuracy", LimitKind.AtLeast, 20)]);

    // Five budgets from 0 to 100: 20, 40, 60, 80, 100.
    [Theory]
    [InlineData("50/0 60/30 90/100", "50/0 60/30 90/100")]
    [InlineData("50/0 60/30 61/35 90/100", "50/0 61/35 90/100")]
    [InlineData("50/0 60/30 55/50 59/70 90/100", "50/0 60/30 90/100")]
    [InlineData("90/0 80/100", "90/0")]
    [InlineData("50/0 10/30 90/100", "50/0 90/100")]
    [InlineData("50/50 60/50", "60/50")]
    public void The_best_within_each_budget_wins_it(string candidates, string winners) =>
        Assert.Equal(winners, Text(Winners(candidates)));

    [Fact]
    public void While_nothing_keeps_the_limits_those_nearest_to_them_win() =>
        Assert.Equal("19/50 15/10 10/0", Text(Winners("10/0 19/50 15/10")));

    private static IReadOnlyList<Candidate> Winners(string candidates)
    {
        var buckets = new BudgetBuckets(Problem, buckets: 5);
        foreach (var values in candidates.Split(' ').Select(text => text.Split('/').Select(double.Parse).ToArray()))
            buckets.Add(Problem.CandidateOf(Space.Create([0, 0]), values));
        return buckets.Winners();
    }

    private static string Text(IEnumerable<Candidate> candidates) =>
        string.Join(' ', candidates.Select(c => $"{c.Metrics[0]}/{c.Metrics[1]}"));
}
