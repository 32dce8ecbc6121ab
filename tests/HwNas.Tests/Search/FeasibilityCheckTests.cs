using HwNas.Core;
using HwNas.Core.Search;

namespace HwNas.Tests.Search;

public sealed class FeasibilityCheckTests
{
    private static readonly SearchOptions Options = new() { Evaluations = 10 };

    [Fact]
    public void A_limit_below_the_smallest_network_ends_at_once_with_the_reachable_range()
    {
        var error = Assert.Throws<InfeasibleBudgetException>(() => TestProblem.Run(
            TestProblem.Create(new Limit("macs", LimitKind.AtMost, 5), new Limit("params", LimitKind.AtMost, 1000)),
            Options, MustNotBeCalled));

        // Three stages of one block and depth 1: six genes of size 1 at resolution factor 4; the largest: 9 genes at factor 10.
        Assert.Contains("macs <= 5: networks of the space reach 24 to ", error.Message);
        Assert.Contains("this limit alone excludes all of them", error.Message);
        Assert.StartsWith("No network of the space keeps the limits", error.Message);
        Assert.DoesNotContain("descents", error.Message);
    }

    [Fact]
    public void Limits_that_exclude_each_other_are_named()
    {
        var error = Assert.Throws<InfeasibleBudgetException>(() => TestProblem.Run(
            TestProblem.Create(new Limit("macs", LimitKind.AtMost, 50), new Limit("params", LimitKind.AtLeast, 40)),
            Options, MustNotBeCalled));

        Assert.Equal(2, error.Message.Split("without this limit the others can be kept").Length - 1);
    }

    [Fact]
    public void A_space_too_large_to_enumerate_is_judged_the_same()
    {
        var space = new HwNas.Core.Spaces.GenomeSpace(Enumerable.Range(0, 40).Select(i =>
            new HwNas.Core.Spaces.Gene(HwNas.Core.Spaces.GeneKind.Operator, i, -1, $"g{i}", [0, 1, 2])));
        var problem = (double bound) => new SearchProblem(
            space, "large", [TestProblem.Accuracy],
            new KnownCosts([TestProblem.Macs], static (choices, costs) =>
            {
                foreach (var choice in choices)
                    costs[0] += 1 + choice;
            }),
            ["accuracy", "macs"], [new Limit("macs", LimitKind.AtMost, bound)]);

        var message = Assert.Throws<InfeasibleBudgetException>(
            () => TestProblem.Run(problem(39), Options, MustNotBeCalled)).Message;
        Assert.Contains("reach 40 to 120 M as far as descents from many starts have found; this limit alone", message);
        Assert.StartsWith("No network was found that keeps the limits", message);
        var tight = TestProblem.Run(problem(41), Options, (genome, _) => [genome[0]]);
        Assert.Equal(10, tight.Evaluated.Length);
        Assert.All(tight.Evaluated, c => Assert.True(c.Metrics[1] <= 41));
    }

    private static double[]? MustNotBeCalled(HwNas.Core.Spaces.Genome genome, CancellationToken cancellation) =>
        throw new InvalidOperationException("An infeasible search must not evaluate.");
}
