namespace HwNas.Core.Graphs;

/// <summary>
/// Batch norm with fixed statistics, y = γ (x − μ) / √(σ² + ε) + β, is linear: behind a convolution it is folded into its
/// weights sW and its bias β + s (b − μ), where s = γ / √(σ² + ε); alone it is a depthwise 1×1 convolution. What runs on a
/// device and what is evaluated is the folded network.
/// </summary>
public static class BatchNormFolding
{
    /// <summary>A network without batch norm that computes the same, under the same names.</summary>
    public static NetworkPlan Fold(NetworkPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return new NetworkPlan(plan.Id, plan.Input, [.. plan.Blocks.Select(Fold)], plan.Wiring);
    }

    /// <summary>A block without batch norm that computes the same, under the same names.</summary>
    public static Block Fold(Block block)
    {
        ArgumentNullException.ThrowIfNull(block);
        var builder = new BlockBuilder(block.Name, [.. block.Inputs]);
        var renumbered = Enumerable.Range(0, block.Inputs.Length).ToList();
        foreach (var (index, node) in block.Nodes.Index())
        {
            renumbered.Add(node.Operation is BatchNorm && FoldedInto(block, node) is not null
                ? renumbered[node.Inputs[0]]
                : builder.Add(node.Name, Folded(block, index), [.. node.Inputs.Select(value => renumbered[value])]));
        }

        return builder.Build(block.LatencyKey);
    }

    /// <summary>The weights of the folded network; computed in double, so that the only rounding is that of the result.</summary>
    public static SubnetWeights Fold(SubnetWeights weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        var arrays = new Dictionary<string, WeightArray>();
        foreach (var block in weights.Plan.Blocks)
        {
            foreach (var node in block.Nodes)
            {
                if (node.Operation is not BatchNorm norm)
                {
                    foreach (var part in node.Operation.Weights)
                        arrays[node.WeightName(part.Part)] = weights[node.WeightName(part.Part)];
                    continue;
                }

                var into = FoldedInto(block, node);
                var target = into ?? node;
                var weight = into is null
                    ? new WeightArray([norm.Channels, 1, 1, 1], Ones(norm.Channels))
                    : weights[into.WeightName("weight")];
                var bias = into?.Operation is Convolution { Bias: true } ? weights[into.WeightName("bias")].Values : null;
                var (foldedWeight, foldedBias) = Fold(
                    weight.Values, bias, Part("weight"), Part("bias"), Part("mean"), Part("variance"));
                arrays[target.WeightName("weight")] = weight with { Values = foldedWeight };
                arrays[target.WeightName("bias")] = new WeightArray([norm.Channels], foldedBias);

                float[] Part(string part) => weights[node.WeightName(part)].Values;
            }
        }

        return new SubnetWeights(Fold(weights.Plan), arrays);
    }

    private static Operation Folded(Block block, int index)
    {
        var node = block.Nodes[index];
        return node.Operation switch
        {
            Convolution convolution when block.Nodes.Any(reader => reader.Operation is BatchNorm
                && FoldedInto(block, reader) == node) =>
                convolution with { Bias = true },
            BatchNorm norm => new Convolution(norm.Channels, norm.Channels, Kernel: 1, Groups: norm.Channels, Bias: true),
            var other => other,
        };
    }

    // The convolution before a batch norm, if nobody else reads it.
    private static Node? FoldedInto(Block block, Node norm) =>
        block.MakerOf(norm.Inputs[0]) is { Operation: Convolution } before && block.ReadersOf(norm.Inputs[0]) == 1
            ? before
            : null;

    private static (float[] Weight, float[] Bias) Fold(
        float[] weight, float[]? bias, float[] gamma, float[] beta, float[] mean, float[] variance)
    {
        var channels = gamma.Length;
        var perChannel = weight.Length / channels;
        var foldedWeight = new float[weight.Length];
        var foldedBias = new float[channels];
        for (var channel = 0; channel < channels; channel++)
        {
            var scale = gamma[channel] / Math.Sqrt(variance[channel] + BatchNorm.Epsilon);
            for (var i = channel * perChannel; i < (channel + 1) * perChannel; i++)
                foldedWeight[i] = (float)(scale * weight[i]);
            foldedBias[channel] = (float)(beta[channel] + (scale * ((bias is null ? 0.0 : bias[channel]) - mean[channel])));
        }

        return (foldedWeight, foldedBias);
    }

    private static float[] Ones(int count)
    {
        var ones = new float[count];
        Array.Fill(ones, 1);
        return ones;
    }
}
