using HwNas.Core;
using HwNas.Core.Metrics;
using HwNas.Core.Search;
using HwNas.Core.Spaces;

namespace HwNas.Tests.Search;

public sealed class PredictedSearchTests
{
    // 40 genes of 3 choices; choice c of gene g costs c and gains c·(1 + g mod 4): within a budget the best
    // take the genes of most gain first.
    private static readonly GenomeSpace Large = new(
        Enumerable.Range(0, 40).Select(i => new Gene(GeneKind.Operator, i, -1, $"g{i}", [0, 1, 2])));

    private static readonly KnownCosts LargeCosts = new([new Metric("macs", Direction.Minimize, "M")], static (choices, costs) =>
    {
        costs[0] = 0;
        foreach (var choice in choices)
            costs[0] += choice;
    });

    [Fact]
    public void In_a_small_space_the_answer_is_exact_and_within_the_limits()
    {
        var problem = TestProblem.Create();
        double Predict(Genome genome) => TestProblem.Evaluate(genome, default)[0];
        foreach (var bound in new double[] { 30, 60, 120 })
        {
            var best = PredictedSearch.Best(
                problem.Space, problem.Costs, [new Limit("macs", LimitKind.AtMost, bound)], Predict, 3, 1, TimeProvider.System);
            var expected = problem.Space.Enumerate().Select(g => problem.CandidateOf(g, [Predict(g)]))
                .Where(c => c.Metrics[1] <= bound).OrderByDescending(c => c.Metrics[0]).Take(3).Select(c => c.Metrics[0]);

            Assert.Equal(expected, best.Select(b => b.Predicted));
        }
    }

    [Fact]
    public void In_a_large_space_the_answer_comes_near_the_known_best()
    {
        static double Gain(Genome genome) => Enumerable.Range(0, genome.Length).Sum(gene => genome[gene] * (1.0 + (gene % 4)));
        var best = PredictedSearch.Best(
            Large, LargeCosts, [new Limit("macs", LimitKind.AtMost, 30)], Gain, 5, 1, TimeProvider.System);

        // 20 on the ten genes of gain 4, the other 10 on those of gain 3.
        Assert.InRange(best[0].Predicted, 0.97 * 110, 110);
        Assert.All(best, b => Assert.True(b.Genome.Choices.ToArray().Sum(c => c) <= 30));
        Assert.Equal(5, best.Select(b => b.Genome).Distinct().Count());
        Assert.Equal(best.OrderByDescending(b => b.Predicted), best);
    }

    [Fact]
    public void Equal_seeds_give_equal_answers()
    {
        IEnumerable<Genome> Find() => PredictedSearch.Best(
            Large, LargeCosts, [new Limit("macs", LimitKind.AtMost, 25)], g => g[0] - g[3], 4, 9, TimeProvider.System)
            .Select(b => b.Genome);

        Assert.Equal(Find(), Find());
    }

    [Fact]
    public void Limits_that_nothing_keeps_end_with_what_is_reachable()
    {
        var problem = TestProblem.Create();
        var error = Assert.Throws<InfeasibleBudgetException>(() =>
            PredictedSearch.Best(
                problem.Space, problem.Costs, [new Limit("macs", LimitKind.AtMost, 5)], _ => 1, 1, 1, TimeProvider.System));

        Assert.Contains("reach 24 to ", error.Message);
    }
}
