using HwNas.Tests.RealData;
using HwNas.Tests.Support;

namespace HwNas.Tests.Search;

/// <summary>A budget must not make the answer worse: the short form of what 'benchmarks -- search' measures.</summary>
public sealed class BudgetTests
{
    [Theory]
    [InlineData("coarse-to-fine", 10)]
    [InlineData("nsga2", 10)]
    [InlineData("bayesian", 5)]
    public void A_fresh_search_under_a_budget_finds_at_least_what_one_without_finds_for_it(string strategy, int seeds) =>
        RequireNoLoss(BudgetProblem.MadeUp(Repository.Root), strategy, seeds);

    [SharedDataFact]
    public void So_it_is_on_trained_networks()
    {
        RequireNoLoss(BudgetProblem.Macro(), "coarse-to-fine", seeds: 5);
        RequireNoLoss(BudgetProblem.Macro(), "bayesian", seeds: 2);
        RequireNoLoss(BudgetProblem.NasBench201(), "coarse-to-fine", seeds: 5);
    }

    private static void RequireNoLoss(BudgetProblem problem, string strategy, int seeds)
    {
        var answers = problem.Compare(strategy, evaluations: 80, [.. Enumerable.Range(0, seeds)]).ToList();
        Assert.True(answers.Average(a => a.Gain) >= 0, $"{problem.Name}, {strategy}: {string.Join('\n', answers)}");

        // Where all are close to the best that there is, luck decides single ones.
        Assert.True(
            answers.Count(a => a.Gain < 0) <= answers.Count / 3, $"{problem.Name}, {strategy}: {string.Join('\n', answers)}");
    }
}
