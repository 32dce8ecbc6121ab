namespace HwNas.Benchmarks.Search;

/// <summary>How much is measured: all that was asked for, or a little of everything to see that it still works.</summary>
/// <param name="TableSeeds">Seeds on NAS-Bench-Macro for the strategy that is to reach the goals.</param>
/// <param name="OtherTableSeeds">Seeds there for all strategies.</param>
/// <param name="TableEvaluations">Evaluations there.</param>
/// <param name="OfaSeeds">Seeds on the once-for-all models.</param>
/// <param name="OfaEvaluations">Evaluations there.</param>
/// <param name="BudgetSeeds">Seeds of the searches with and without a budget.</param>
/// <param name="BudgetEvaluations">Evaluations of each.</param>
/// <param name="RateEvaluations">Evaluations of the search whose rate is measured.</param>
/// <param name="RateRepeats">How often it is measured.</param>
/// <param name="LoopEvaluations">Evaluations of the surrogate loop whose overhead is measured.</param>
/// <param name="PredictorSeeds">Seeds of the predictors.</param>
/// <param name="TimesGenomeCost">Whether BenchmarkDotNet times the cost of genomes, which takes a minute.</param>
internal sealed record SearchScale(
    int[][] TableSeeds, int[] OtherTableSeeds, int[] TableEvaluations, int[] OfaSeeds, int OfaEvaluations, int[] BudgetSeeds,
    int BudgetEvaluations, int RateEvaluations, int RateRepeats, int LoopEvaluations,
    int PredictorSeeds, bool TimesGenomeCost)
{
    public static SearchScale Full { get; } = new(
        [[.. Enumerable.Range(0, 10)], [.. Enumerable.Range(100, 10)], [.. Enumerable.Range(200, 10)]],
        [0, 1, 2, 3, 4], [100, 200, 328], [0, 1, 2, 3, 4], 20_000, [.. Enumerable.Range(0, 10)], 80, 200_000, 5, 1_000,
        10, true);

    public static SearchScale Short { get; } = new([[0]], [0], [40], [0], 400, [0], 16, 2_000, 1, 60, 1, false);
}
