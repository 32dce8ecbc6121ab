using HwNas.Core.Spaces;

namespace HwNas.Core.Search;

/// <summary>
/// Measures one network: the values of <see cref="SearchProblem.Measured"/> in that order, or null if the genome is no
/// valid network. The same genome must always give the same values; several threads call it when asked to.
/// </summary>
/// <param name="genome">The network.</param>
/// <param name="cancellation">Ends a long measurement early.</param>
public delegate double[]? GenomeEvaluation(Genome genome, CancellationToken cancellation);

/// <summary>What a measurement of a network gave.</summary>
/// <param name="Genome">The network.</param>
/// <param name="Measured">The values of <see cref="SearchProblem.Measured"/>, in that order; null if the
/// genome is no valid network.</param>
public sealed record Evaluation(Genome Genome, double[]? Measured);

/// <summary>Makes evaluations of genomes from evaluators of networks.</summary>
public static class GenomeEvaluations
{
    /// <summary>Two values for each network: its accuracy in percent and the standard error of it in percentage points.</summary>
    public static GenomeEvaluation Of(IAccuracyEvaluator evaluator, ISearchSpace space)
    {
        ArgumentNullException.ThrowIfNull(evaluator);
        ArgumentNullException.ThrowIfNull(space);
        return (genome, cancellation) =>
        {
            var estimate = evaluator.Evaluate(space.PlanOf(genome), cancellation);
            return [estimate.Top1Percent, estimate.StandardErrorPercent];
        };
    }
}
