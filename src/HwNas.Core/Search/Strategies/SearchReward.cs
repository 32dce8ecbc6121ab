using HwNas.Core.Pareto;

namespace HwNas.Core.Search.Strategies;

/// <summary>Makes one number of several objectives; larger is better.</summary>
/// <param name="quality">The first objective, from 0 to 1 (best) over what was seen.</param>
/// <param name="costs">The others, from 0.1 (best) to 1 over what was seen.</param>
internal delegate double SearchReward(double quality, double[] costs);

/// <summary>
/// The rewards of MnasNet (Tan et al. 2019) and of MONAS (Hsu et al. 2018). Swept over their
/// targets and weights, they give a front.
/// </summary>
internal static class SearchRewards
{
    // The ratios of costs that MnasNet takes need a zero point; over a factor of ten, any cost is positive.
    private const double LeastCost = 0.1;

    /// <summary>
    /// MnasNet's soft constraint: quality × Π (cost / target)^−0.07. A target scales it only; there is nothing to sweep.
    /// </summary>
    public static SearchReward MnasNetSoft(double target) => MnasNet(target, inside: -0.07, outside: -0.07);

    /// <summary>MnasNet's hard constraint: quality within the target, quality × Π (target / cost) beyond it.</summary>
    public static SearchReward MnasNetHard(double target) => MnasNet(target, inside: 0, outside: -1);

    /// <summary>MONAS's mixed reward: α·quality − (1 − α)·cost, of the mean cost.</summary>
    public static SearchReward Mixed(double weight) => (quality, costs) => (weight * quality) - ((1 - weight) * MeanOf(costs));

    /// <summary>MONAS's reward under a cost constraint: quality where every cost keeps the bound, else 0.</summary>
    public static SearchReward CostConstrained(double bound) =>
        (quality, costs) => Array.TrueForAll(costs, cost => cost <= bound) ? quality : 0;

    /// <summary>
    /// MONAS's reward under an accuracy constraint: 1 − cost, of the mean cost, where the quality reaches the bound, else 0.
    /// </summary>
    public static SearchReward AccuracyConstrained(double bound) => (quality, costs) => quality >= bound ? 1 - MeanOf(costs) : 0;

    /// <summary>Quality and costs of a candidate between the least and greatest losses seen.</summary>
    public static (double Quality, double[] Costs) Normalized(Candidate candidate, double[] least, double[] greatest)
    {
        var relative = candidate.Losses.Select(
            (loss, i) => greatest[i] > least[i] ? (loss - least[i]) / (greatest[i] - least[i]) : 0).ToArray();
        return (1 - relative[0], Array.ConvertAll(relative[1..], cost => LeastCost + ((1 - LeastCost) * cost)));
    }

    // Equation 2 of the paper, with a factor for every cost.
    private static SearchReward MnasNet(double target, double inside, double outside) => (quality, costs) =>
        costs.Aggregate(quality, (product, cost) => product * Math.Pow(cost / target, cost <= target ? inside : outside));

    private static double MeanOf(double[] costs) => costs.DefaultIfEmpty(0).Average();
}
