using System.Collections.Immutable;

namespace HwNas.Core.Graphs;

/// <summary>A value of a network that detectors and segmenters read.</summary>
/// <param name="Name">What the exported model calls it, such as <c>stride8</c>.</param>
/// <param name="Stride">Pixels of the image for each of the map's.</param>
/// <param name="Channels">Channels of the map.</param>
/// <param name="Height">Its rows.</param>
/// <param name="Width">Its columns.</param>
public sealed record FeatureTap(string Name, int Stride, int Channels, int Height, int Width);

/// <summary>
/// A network without its classifier, for detection and segmentation: its outputs are, for each stride, what the last stage
/// or cell of this stride gives (feature pyramid networks, Lin et al. 2017, arXiv 1612.03144, take the same).
/// </summary>
public sealed class Backbone
{
    private Backbone(NetworkPlan plan, ImmutableSortedDictionary<int, FeatureTap> taps) => (Plan, Taps) = (plan, taps);

    /// <summary>The network up to the deepest tap.</summary>
    public NetworkPlan Plan { get; }

    /// <summary>The taps in order of execution, by the value of the plan that they are.</summary>
    public ImmutableSortedDictionary<int, FeatureTap> Taps { get; }

    /// <summary>The backbone of a classifier, whose last block is its head.</summary>
    public static Backbone Of(NetworkPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        List<int> strides = [1];
        var last = new Dictionary<int, int>();
        for (var index = 0; index < plan.Blocks.Length - 1; index++)
        {
            var (block, source) = (plan.Blocks[index], plan.Wiring[index][0]);
            // Odd sides are rounded up, or down by some poolings.
            var reduction = (int)Math.Round(
                (double)plan.ShapeOf(source).Height / block.Output.Height, MidpointRounding.AwayFromZero);
            strides.Add(strides[source] * reduction);
            if (PartOf(block) != PartOf(plan.Blocks[index + 1]))
                last[strides[^1]] = index + 1;
        }

        var taps = last.ToImmutableSortedDictionary(tap => tap.Value, tap => TapOf(tap.Key, plan.ShapeOf(tap.Value)));
        var blocks = taps.Keys.Last();
        return new Backbone(
            new NetworkPlan(plan.Id, plan.Input, plan.Blocks[..blocks], plan.Wiring[..blocks]), taps);
    }

    private static FeatureTap TapOf(int stride, FeatureShape shape) =>
        new($"stride{stride}", stride, shape.Channels, shape.Height, shape.Width);

    // The stage or cell, whose name stands before the first point.
    private static string PartOf(Block block) => block.Name.Split('.')[0];
}
