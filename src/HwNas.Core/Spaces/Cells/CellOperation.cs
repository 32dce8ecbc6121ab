using System.Globalization;
using System.Text.RegularExpressions;
using HwNas.Core.Graphs;

namespace HwNas.Core.Spaces.Cells;

/// <summary>
/// What an edge of a cell can be, by the names of NAS-Bench-201 (Dong and Yang 2020, section 2.1) and DARTS (Liu et al.
/// 2019, section 3.1.1). Convolutions are ReLU, convolution, batch norm; separable ones do that twice, depthwise and 1×1;
/// dilated ones are separable with dilation 2, once.
/// </summary>
/// <param name="Name">Its name, such as <c>sep_conv_3x3</c>.</param>
/// <param name="Kind">What comes before the size, such as <c>sep_conv</c>.</param>
/// <param name="Kernel">Side of its kernel; 0 where it has none.</param>
internal sealed partial record CellOperation(string Name, string Kind, int Kernel)
{
    public const string None = "none";
    public const string Skip = "skip_connect";
    public const string Known = "none, skip_connect, avg_pool_KxK, max_pool_KxK, nor_conv_KxK, sep_conv_KxK, "
        + "dil_conv_KxK with odd K up to 15";

    /// <summary>Whether it hands its input on unchanged, at stride 1.</summary>
    public bool IsSkip => Name == Skip;

    /// <summary>Whether it is no edge at all.</summary>
    public bool IsNone => Name == None;

    /// <summary>The operation of a name; null where there is none.</summary>
    public static CellOperation? Parse(string? name)
    {
        if (name is None or Skip)
            return new CellOperation(name, name, 0);
        var match = Sized().Match(name ?? "");
        return match.Success
            && int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture) is var kernel and <= 15
            && kernel % 2 == 1
            ? new CellOperation(name!, match.Groups[1].Value, kernel)
            : null;
    }

    /// <summary>The block of an edge.</summary>
    /// <param name="name">The block's name.</param>
    /// <param name="input">Shape of its input, which has the channels of the cell's nodes.</param>
    /// <param name="stride">2 for edges from the inputs of a reduction cell.</param>
    public Block At(string name, FeatureShape input, int stride)
    {
        var block = new BlockBuilder(name, input);
        var channels = input.Channels;
        var output = Kind switch
        {
            Skip => CellBlocks.ReluConvolve(block, "conv", new Convolution(channels, channels, Kernel: 1, stride), 0),
            "avg_pool" => block.Add("pool", new Pooling(PoolingKind.Average, Kernel, stride, Kernel / 2), 0),
            "max_pool" => block.Add("pool", new Pooling(PoolingKind.Max, Kernel, stride, Kernel / 2), 0),
            "nor_conv" => CellBlocks.ReluConvolve(block, "conv", new Convolution(channels, channels, Kernel, stride), 0),
            "sep_conv" => Separable(
                block, "second", channels, stride: 1, dilation: 1, Separable(block, "first", channels, stride, dilation: 1, 0)),
            "dil_conv" => Separable(block, "first", channels, stride, dilation: 2, 0),
            _ => throw new InvalidOperationException($"'{Name}' makes no block."),
        };
        return block.Build($"{Name}-i{input}-o{block.ShapeOf(output)}-s{stride}");
    }

    private int Separable(BlockBuilder block, string node, int channels, int stride, int dilation, int value)
    {
        value = block.Add($"{node}.relu", new Activate(Activation.Relu), value);
        value = block.Add(
            $"{node}.depthwise", new Convolution(channels, channels, Kernel, stride, dilation, Groups: channels), value);
        return block.Convolve(
            $"{node}.pointwise", new Convolution(channels, channels, Kernel: 1), batchNorm: true, Activation.None, value);
    }

    [GeneratedRegex("^(avg_pool|max_pool|nor_conv|sep_conv|dil_conv)_([1-9][0-9]?)x\\2$")]
    private static partial Regex Sized();
}
