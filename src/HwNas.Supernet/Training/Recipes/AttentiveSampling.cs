using HwNas.Core.Graphs;
using HwNas.Core.Spaces;

namespace HwNas.Supernet.Training.Recipes;

/// <summary>
/// Draws the random subnets of a step. Attentively (AttentiveNAS section 4): a target of MACs comes from the space's own
/// distribution; of some subnets near it, the one whose loss on this step's images is least (<see cref="SamplingKind.BestUp"/>)
/// or greatest (<see cref="SamplingKind.WorstUp"/>) is trained. So the front, or what lies furthest from it, is trained more.
/// </summary>
internal static class AttentiveSampling
{
    // So many are drawn for each candidate; the nearest to the target are taken.
    private const int DrawsPerCandidate = 4;

    /// <summary>Draws one subnet.</summary>
    /// <param name="space">The space.</param>
    /// <param name="recipe">How.</param>
    /// <param name="random">Its randomness.</param>
    /// <param name="loss">The loss of a subnet on the images of the step.</param>
    public static NetworkPlan Draw(ISearchSpace space, Recipe recipe, Random random, Func<NetworkPlan, double> loss)
    {
        var first = space.PlanOf(space.Genomes.Sample(random));
        if (recipe.Sampling == SamplingKind.Uniform)
            return first;
        var near = Enumerable.Range(0, DrawsPerCandidate * recipe.SamplingCandidates)
            .Select(_ => space.PlanOf(space.Genomes.Sample(random)))
            .OrderBy(plan => Math.Abs(Math.Log((double)MacsOf(plan) / MacsOf(first))))
            .Take(recipe.SamplingCandidates);
        return recipe.Sampling == SamplingKind.BestUp ? near.MinBy(loss)! : near.MaxBy(loss)!;
    }

    private static long MacsOf(NetworkPlan plan) => plan.Blocks.Sum(block => block.Macs);
}
