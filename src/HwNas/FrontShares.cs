using HwNas.Core.Metrics;
using HwNas.Core.Pareto;
using HwNas.Core.Search;

namespace HwNas;

/// <summary>
/// Compares the fronts of searches: the hypervolume of each, as a share of the box from the worst to the best of all that
/// searches with the same objectives and devices have come upon. So it tells fronts apart whose own reference points differ.
/// </summary>
internal static class FrontShares
{
    // Of more objectives the exact volume of a large front takes too long.
    private const int FewObjectives = 3, FewMembers = 60;

    /// <summary>A share for each front, in percent; null where the box is flat, or a front too large.</summary>
    public static double?[] Of(IReadOnlyList<FrontFile> fronts)
    {
        var shares = new double?[fronts.Count];
        foreach (var alike in fronts.Index().GroupBy(front => Kind(front.Item)))
        {
            double[][] known = [.. alike.SelectMany(front => front.Item.Subnets.Select(subnet => Losses(front.Item, subnet)))];
            double[] worst = [.. known[0].Select((_, i) => known.Max(losses => losses[i]))];
            var box = worst.Select((most, i) => most - known.Min(losses => losses[i])).Aggregate((a, b) => a * b);
            foreach (var (index, front) in alike)
            {
                if (box > 0 && (worst.Length <= FewObjectives || front.Front().Count() <= FewMembers))
                    shares[index] = 100 * Hypervolume.Of(front.Front().Select(subnet => Losses(front, subnet)), worst) / box;
            }
        }

        return shares;
    }

    private static string Kind(FrontFile front) =>
        string.Join(' ', front.Objectives.Concat(front.Profiles.Select(profile => profile.Hash)));

    private static double[] Losses(FrontFile front, FrontSubnet subnet) =>
    [
        .. front.Objectives.Select(name => front.MetricOf(name).ToLoss(
            name == Metric.Accuracy.Name ? subnet.Top1Percent : subnet.Costs[name])),
    ];
}
