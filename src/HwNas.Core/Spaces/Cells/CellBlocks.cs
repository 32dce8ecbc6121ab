using System.Collections.Immutable;
using HwNas.Core.Graphs;

namespace HwNas.Core.Spaces.Cells;

/// <summary>The blocks of stacked cells that no gene chooses.</summary>
internal static class CellBlocks
{
    /// <summary>The first convolution, 3×3 with batch norm.</summary>
    public static Block Stem(FeatureShape image, int channels)
    {
        var block = new BlockBuilder("stem", image);
        var output = block.Convolve(
            "conv", new Convolution(image.Channels, channels, Kernel: 3), batchNorm: true, Activation.None, 0);
        return block.Build($"stem-i{image}-o{block.ShapeOf(output)}-k3-s1-None");
    }

    /// <summary>The residual block between two stages, which halves the maps and doubles the channels.</summary>
    public static Block Residual(string name, FeatureShape input)
    {
        var block = new BlockBuilder(name, input);
        var channels = 2 * input.Channels;
        var value = ReluConvolve(block, "first", new Convolution(input.Channels, channels, Kernel: 3, Stride: 2), 0);
        value = ReluConvolve(block, "second", new Convolution(channels, channels, Kernel: 3), value);
        var shortcut = block.Add(
            "shortcut.pool", new Pooling(PoolingKind.Average, Kernel: 2, Stride: 2, Padding: 0, KeepsRest: true), 0);
        shortcut = block.Add("shortcut", new Convolution(input.Channels, channels, Kernel: 1), shortcut);
        var output = block.Add("add", new Add(), value, shortcut);
        return block.Build($"residual-i{input}-o{block.ShapeOf(output)}-k3-s2");
    }

    /// <summary>
    /// Brings an input of a cell to the channels of its nodes, and to their size where a cell before halved it.
    /// </summary>
    public static Block Preprocess(string name, FeatureShape input, int channels, int stride)
    {
        var block = new BlockBuilder(name, input);
        var output = ReluConvolve(block, "conv", new Convolution(input.Channels, channels, Kernel: 1, stride), 0);
        return block.Build($"pre-i{input}-o{block.ShapeOf(output)}-k1-s{stride}");
    }

    /// <summary>The sum of what the edges of a node give.</summary>
    public static Block Sum(string name, FeatureShape shape, int edges) =>
        Join(name, $"sum-n{edges}-i{shape}", new Add(), Enumerable.Repeat(shape, edges));

    /// <summary>The channels of all nodes.</summary>
    public static Block Concatenate(string name, FeatureShape shape, int nodes) =>
        Join(name, $"cat-n{nodes}-i{shape}", new Concatenate(), Enumerable.Repeat(shape, nodes));

    /// <summary>What a node is without any edge.</summary>
    public static Block Zero(string name, FeatureShape input, int stride)
    {
        var block = new BlockBuilder(name, input);
        var value = stride == 1 ? 0 : block.Add("pool", new Pooling(PoolingKind.Max, Kernel: 1, stride, Padding: 0), 0);
        block.Add("zero", new Zero(), value);
        return block.Build($"zero-i{input}-s{stride}");
    }

    /// <summary>What follows the cells: batch norm, ReLU, global average pooling, linear.</summary>
    public static Block Head(FeatureShape input, int classes)
    {
        var block = new BlockBuilder("head", input);
        var value = block.Add("bn", new BatchNorm(input.Channels), 0);
        value = block.Add("relu", new Activate(Activation.Relu), value);
        value = block.Add("pool", new GlobalPooling(), value);
        block.Add("classifier", new Linear(input.Channels, classes), value);
        return block.Build($"head-i{input}-Relu-o{classes}");
    }

    /// <summary>ReLU, convolution, batch norm.</summary>
    public static int ReluConvolve(BlockBuilder block, string node, Convolution convolution, int value) =>
        block.Convolve(
            node, convolution, batchNorm: true, Activation.None, block.Add($"{node}.relu", new Activate(Activation.Relu), value));

    private static Block Join(string name, string key, Operation operation, IEnumerable<FeatureShape> inputs)
    {
        ImmutableArray<FeatureShape> shapes = [.. inputs];
        var block = new BlockBuilder(name, [.. shapes]);
        block.Add("join", operation, [.. Enumerable.Range(0, shapes.Length)]);
        return block.Build(key);
    }
}
