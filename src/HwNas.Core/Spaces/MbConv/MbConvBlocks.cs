using HwNas.Core.Graphs;

namespace HwNas.Core.Spaces.MbConv;

/// <summary>
/// The blocks of inverted-bottleneck networks, and the union of all that a table allows. Blocks are chained by their
/// shapes, so no architecture is enumerated: a stage's first block meets every width of the stage before.
/// </summary>
internal static class MbConvBlocks
{
    /// <summary>The first convolution of networks of a resolution and stem width.</summary>
    public static Block Stem(MbConvDefinition space, int resolution, int width)
    {
        var stem = space.Stem;
        var input = new FeatureShape(space.InputChannels, resolution, resolution);
        var block = new BlockBuilder("stem", input);
        var output = block.Convolve(
            "conv", new Convolution(input.Channels, width, stem.Kernel, stem.Stride), batchNorm: true, stem.Activation, value: 0);
        return block.Build($"stem-i{input}-o{block.ShapeOf(output)}-k{stem.Kernel}-s{stem.Stride}-{stem.Activation}");
    }

    /// <summary>
    /// An inverted bottleneck (MobileNetV2, MnasNet): expand 1×1, depthwise k×k, squeeze-and-excitation, project 1×1, and
    /// a shortcut around all of it. Only the first block of a stage is strided.
    /// </summary>
    public static Block Block(
        MbConvDefinition space, int stage, int index, FeatureShape input, int width, int kernel, int expansion)
    {
        var (table, conventions) = (space.Stages[stage], space.Conventions);
        var stride = index == 0 ? table.Stride : 1;
        var mid = expansion == 1 ? input.Channels : MakeDivisible(input.Channels * expansion, conventions.ChannelDivisor);
        var block = new BlockBuilder($"{table.Name}.{index}", input);
        var inner = expansion == 1
            ? 0
            : block.Convolve(
                "expand", new Convolution(input.Channels, mid, Kernel: 1), batchNorm: true, table.Activation, value: 0);
        inner = block.Convolve(
            "depthwise", new Convolution(mid, mid, kernel, stride, Groups: mid), batchNorm: true, table.Activation, inner);
        var squeeze = "";
        if (table.SqueezeExcite)
        {
            var source = (conventions.SqueezeSource == SqueezeSource.Input ? input.Channels : mid) / 4;
            var channels = conventions.SqueezeDivisor == 1
                ? Math.Max(1, source)
                : MakeDivisible(source, conventions.SqueezeDivisor);
            var gate = block.Add("pool", new GlobalPooling(), inner);
            gate = block.Convolve(
                "squeeze",
                new Convolution(mid, channels, Kernel: 1, Bias: true),
                batchNorm: false, conventions.SqueezeActivation, gate);
            gate = block.Convolve(
                "excite", new Convolution(channels, mid, Kernel: 1, Bias: true), batchNorm: false, conventions.Gate, gate);
            inner = block.Add("gate", new Multiply(), inner, gate);
            squeeze = $"-se{channels}.{conventions.SqueezeActivation}.{conventions.Gate}";
        }

        var output = block.Convolve("project", new Convolution(mid, width, Kernel: 1), batchNorm: true, Activation.None, inner);
        var shortcut = AddShortcut(block, input, output, stride, conventions.Shortcut);
        return block.Build(
            $"mbconv-i{input}-o{block.ShapeOf(output)}-m{mid}-k{kernel}-s{stride}-{table.Activation}{squeeze}-{shortcut}");
    }

    /// <summary>
    /// What follows the stages: 1×1 convolution with batch norm, global average pooling, perhaps another 1×1 convolution
    /// without batch norm and bias, linear.
    /// </summary>
    public static Block Head(MbConvDefinition space, FeatureShape input, int width)
    {
        var head = space.Head;
        var pooledWidth = head.ExpandWidth ?? (head.ExpandRatio * input.Channels) ?? width;
        var block = new BlockBuilder("head", input);
        var value = block.Convolve(
            "conv", new Convolution(input.Channels, pooledWidth, Kernel: 1), batchNorm: true, head.Activation, value: 0);
        value = block.Add("pool", new GlobalPooling(), value);
        if (head.HasMix)
        {
            value = block.Convolve(
                "mix", new Convolution(pooledWidth, width, Kernel: 1), batchNorm: false, head.Activation, value);
        }

        block.Add("classifier", new Linear(width, space.Classes), value);
        return block.Build($"head-i{input}-c{pooledWidth}-{(head.HasMix ? $"m{width}-" : "")}{head.Activation}-o{space.Classes}");
    }

    /// <summary>Every block of every network of a resolution, in order of execution.</summary>
    public static IEnumerable<Block> UnionAt(MbConvDefinition space, int resolution)
    {
        // The feature maps that reach the next block, one for each width.
        var inputs = new List<FeatureShape>();
        foreach (var width in space.Stem.Widths)
        {
            var stem = Stem(space, resolution, width);
            inputs.Add(stem.Output);
            yield return stem;
        }

        foreach (var (index, stage) in space.Stages.Index())
        {
            var outputs = new List<FeatureShape>();
            foreach (var width in stage.Widths)
            {
                var output = default(FeatureShape);
                foreach (var first in inputs.SelectMany(input => Blocks(space, index, 0, input, width)))
                {
                    output = first.Output;
                    yield return first;
                }

                outputs.Add(output);
                foreach (var later in Enumerable.Range(1, stage.Depths[^1] - 1)
                    .SelectMany(block => Blocks(space, index, block, output, width)))
                {
                    yield return later;
                }
            }

            inputs = outputs;
        }

        foreach (var input in inputs)
        {
            foreach (var width in space.Head.Widths)
                yield return Head(space, input, width);
        }
    }

    /// <summary>
    /// Rounds to the nearest multiple of <paramref name="divisor"/>, but not below 90 % of <paramref name="value"/>
    /// (make_divisible of the MobileNet code).
    /// </summary>
    internal static int MakeDivisible(double value, int divisor)
    {
        var rounded = Math.Max(divisor, (int)(value + (divisor / 2.0)) / divisor * divisor);
        return rounded < 0.9 * value ? rounded + divisor : rounded;
    }

    // Average pooling where strided, 2×2 with stride 2, and a 1×1 convolution where channels change. Returns what the key says.
    private static string AddShortcut(BlockBuilder block, FeatureShape input, int output, int stride, ShortcutRule rule)
    {
        var width = block.ShapeOf(output).Channels;
        var same = stride == 1 && input.Channels == width;
        if (!same && rule == ShortcutRule.Identity)
            return "none";
        var shortcut = stride == 1
            ? 0
            : block.Add("shortcut.pool", new Pooling(PoolingKind.Average, Kernel: 2, Stride: 2, Padding: 0, KeepsRest: true), 0);
        if (input.Channels != width)
            shortcut = block.Add("shortcut", new Convolution(input.Channels, width, Kernel: 1), shortcut);
        block.Add("add", new Add(), output, shortcut);
        return (stride == 1 ? "" : "pool") + (input.Channels == width ? "add" : "conv");
    }

    private static IEnumerable<Block> Blocks(MbConvDefinition space, int stage, int block, FeatureShape input, int width) =>
        from kernel in space.Stages[stage].Kernels
        from expansion in space.Stages[stage].Expansions
        select Block(space, stage, block, input, width, kernel, expansion);
}
