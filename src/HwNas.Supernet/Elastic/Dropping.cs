using HwNas.Core.Graphs;
using static TorchSharp.torch;
using Scalar = TorchSharp.Scalar;

namespace HwNas.Supernet.Elastic;

/// <summary>What the largest subnet leaves out at random while it learns (BigNAS section 3.1; AttentiveNAS section 5).</summary>
internal sealed class Dropping
{
    private const int DroppedStages = 2;

    private readonly double _dropout;
    private readonly int _seed;

    // By the name of the block.
    private readonly Dictionary<string, double> _dropConnect = [];

    /// <summary>Plans it.</summary>
    /// <param name="dropout">Probability for each feature that the classifier reads.</param>
    /// <param name="dropConnect">Probability for the last residual block of an image; it falls evenly
    /// towards the first one of the last two stages that have any.</param>
    /// <param name="plan">The subnet.</param>
    /// <param name="seed">Decides what is left out.</param>
    public Dropping(double dropout, double dropConnect, NetworkPlan plan, int seed)
    {
        (_dropout, _seed) = (dropout, seed);
        if (dropConnect == 0)
            return;
        List<string> residual =
            [.. plan.Blocks.Where(block => block.Nodes.Any(node => IsResidual(block, node))).Select(block => block.Name)];
        var stages = residual.Select(StageOf).Distinct().TakeLast(DroppedStages).ToHashSet();
        List<string> dropped = [.. residual.Where(name => stages.Contains(StageOf(name)))];
        foreach (var (i, name) in dropped.Index())
            _dropConnect.Add(name, dropConnect * (i + 1) / dropped.Count);
    }

    /// <summary>Features as the classifier reads them.</summary>
    public Tensor Features(Tensor features) => _dropout > 0
        ? features * Kept(features.shape, _dropout, _seed).to(features)
        : features;

    /// <summary>A branch [n, channels, height, width] as it is added to what goes past it.</summary>
    public Tensor Branch(Block block, Node add, Tensor branch) =>
        _dropConnect.TryGetValue(block.Name, out var probability) && IsResidual(block, add)
            ? branch * Kept([branch.shape[0], 1, 1, 1], probability, HashOf(block.Name)).to(branch)
            : branch;

    /// <summary>The factors, drawn on the CPU: 0 with a probability, else what keeps the mean.</summary>
    internal static Tensor Kept(long[] shape, double probability, int seed)
    {
        using var generator = new Generator((ulong)(uint)seed);
        Scalar keepsMean = 1 / (1 - probability);
        var kept = empty(shape).bernoulli_(1 - probability, generator).mul_(keepsMean);
        GC.KeepAlive(keepsMean);
        return kept;
    }

    // What is added to the block's own input.
    private static bool IsResidual(Block block, Node node) =>
        node.Operation is Add && block.MakerOf(node.Inputs[0])?.Operation is BatchNorm
        && node.Inputs.AsSpan()[1..].ToArray().All(value => block.MakerOf(value) is null);

    private static string StageOf(string block) => block.Split('.')[0];

    // Differs from block to block, not from process to process.
    private int HashOf(string block) => block.Aggregate(_seed, (hash, letter) => unchecked((hash * 31) + letter));
}
