using HwNas.Core.Pareto;

namespace HwNas.Core.Search.Strategies;

/// <summary>
/// Rewards that make one number of several objectives. The first objective is the quality, from 0 to 1 over what was
/// seen; the others are costs, likewise. Several preferences, swept from cheap to good, give a front.
/// </summary>
internal static class SearchReward
{
    private const double SoftExponent = -0.07;

    /// <summary>MnasNet (Tan et al. 2019, equation 3): quality × Π (cost / target)^w, soft. Needs positive costs.</summary>
    public static double MnasNet(double quality, double[] costs, double preference) =>
        quality * costs.Aggregate(1.0, (product, cost) => product * Math.Pow(Math.Max(cost, 0.01) / Math.Max(preference, 0.05), cost > preference ? 10 * SoftExponent : SoftExponent));

    /// <summary>MONAS (Hsu et al. 2018, mixed reward): α·quality − (1 − α)·cost.</summary>
    public static double Monas(double quality, double[] costs, double preference) =>
        (preference * quality) - ((1 - preference) * costs.DefaultIfEmpty(0).Average());

    /// <summary>Quality and costs of a candidate, from 0 to 1 between the least and greatest losses seen.</summary>
    public static (double Quality, double[] Costs) Normalized(Candidate candidate, double[] least, double[] greatest)
    {
        var relative = candidate.Losses.Select((loss, i) => greatest[i] > least[i] ? (loss - least[i]) / (greatest[i] - least[i]) : 0).ToArray();
        return (1 - relative[0], relative[1..]);
    }
}
