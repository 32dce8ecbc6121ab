using HwNas.Tests.RealData;
using HwNas.Tests.Support;

namespace HwNas.Tests.Search;

/// <summary>A budget must not make the answer worse: the short form of what 'benchmarks -- search' measures.</summary>
public sealed class BudgetTests
{
    [Theory]
    [InlineData("coarse-to-fine", 5)]
    [InlineData("nsga2", 4)]
    [InlineData("bayesian", 2)]
    public void A_fresh_search_under_a_budget_finds_at_least_what_one_without_finds_for_it(string strategy, int seeds) =>
        RequireNoLoss(BudgetProblem.MadeUp(Repository.Root), strategy, seeds);

    [SharedDataFact]
    public void So_it_is_on_trained_networks()
    {
        RequireNoLoss(BudgetProblem.Macro(), "coarse-to-fine", seeds: 3);
        RequireNoLoss(BudgetProblem.Macro(), "bayesian", seeds: 2);
        RequireNoLoss(BudgetProblem.NasBench201(), "coarse-to-fine", seeds: 3);
    }

    /// <summary>As users meet it: the run was searched without a budget, and now there is one.</summary>
    [Theory]
    [InlineData("coarse-to-fine", 3)]
    [InlineData("nsga2", 2)]
    public void In_a_run_that_was_searched_it_is_never_worse_than_what_was_known_and_hardly_than_searching_on_without(
        string strategy, int seeds)
    {
        var answers = BudgetProblem.MadeUp(Repository.Root)
            .CompareInOneRun(strategy, evaluations: 80, [.. Enumerable.Range(0, seeds)]).ToList();
        Assert.All(answers, answer => Assert.True(answer.UnderBudget >= answer.Known, $"{answer}"));
        RequireNoLoss(strategy, answers);
    }

    private static void RequireNoLoss(BudgetProblem problem, string strategy, int seeds) => RequireNoLoss(
        $"{problem.Name}, {strategy}", [.. problem.Compare(strategy, evaluations: 80, [.. Enumerable.Range(0, seeds)])]);

    private static void RequireNoLoss(string what, List<BudgetAnswers> answers)
    {
        Assert.True(answers.Average(a => a.Gain) >= 0, $"{what}: {string.Join('\n', answers)}");

        // Where all are close to the best that there is, luck decides single ones.
        Assert.True(answers.Count(a => a.Gain < 0) <= answers.Count / 6, $"{what}: {string.Join('\n', answers)}");
    }
}
