using HwNas.Core.Graphs;

namespace HwNas.Tests.Graphs;

/// <summary>Peaks worked out by hand, in values of 4 bytes.</summary>
public sealed class PeakMemoryTests
{
    private static readonly FeatureShape Image = new(2, 4, 4);

    [Fact]
    public void A_convolution_has_its_input_and_output_and_what_follows_is_written_in_place()
    {
        var block = new BlockBuilder("block", Image);
        block.Convolve("conv", new Convolution(2, 3, 3, Stride: 2), batchNorm: true, Activation.Relu, 0);

        Assert.Equal(4 * (32 + 12), PeakOf(block));
    }

    [Fact]
    public void A_shortcut_keeps_the_input_alive_and_a_sum_needs_no_memory_of_its_own()
    {
        var block = new BlockBuilder("block", Image);
        var inner = block.Convolve("expand", new Convolution(2, 12, 1), batchNorm: true, Activation.Relu, 0);
        inner = block.Convolve("depthwise", new Convolution(12, 12, 3, Groups: 12), batchNorm: true, Activation.Relu, inner);
        var output = block.Convolve("project", new Convolution(12, 2, 1), batchNorm: true, Activation.None, inner);
        block.Add("add", new Add(), output, 0);

        // While the depthwise convolution runs: the kept input, its own input and output.
        Assert.Equal(4 * (32 + 192 + 192), PeakOf(block));
    }

    [Fact]
    public void Without_a_shortcut_the_input_is_gone_after_its_last_reader()
    {
        var block = new BlockBuilder("block", Image);
        var inner = block.Convolve("expand", new Convolution(2, 12, 1), batchNorm: true, Activation.Relu, 0);
        block.Convolve("depthwise", new Convolution(12, 12, 3, Groups: 12), batchNorm: true, Activation.Relu, inner);

        Assert.Equal(4 * (192 + 192), PeakOf(block));
    }

    [Fact]
    public void An_activation_needs_memory_where_its_input_is_read_again()
    {
        var block = new BlockBuilder("block", Image);
        var active = block.Add("relu", new Activate(Activation.Relu), 0);
        block.Add("add", new Add(), active, 0);

        Assert.Equal(4 * (32 + 32), PeakOf(block));
    }

    [Fact]
    public void Branches_between_blocks_are_alive_until_the_block_that_joins_them()
    {
        NetworkPlan plan = new(
            "net", Image, [Conv("a", 2, 4), Conv("b", 4, 4), Conv("c", 4, 4), Sum("sum")], [[0], [1], [1], [2, 3]]);

        // a is read by b and c: while c runs, a, b and c are there. The image is not, after a.
        Assert.Equal(4 * 3 * 64, NetworkCost.Of(plan).PeakActivationBytes);
    }

    [Fact]
    public void An_output_that_nobody_reads_is_gone_at_once()
    {
        NetworkPlan plan = new("net", Image, [Conv("a", 2, 4), Conv("dead", 4, 8), Conv("b", 4, 4)], [[0], [1], [1]]);

        Assert.Equal(4 * (64 + 128), NetworkCost.Of(plan).PeakActivationBytes);
    }

    private static long PeakOf(BlockBuilder block) =>
        NetworkCost.Of(NetworkPlan.Chain("net", [block.Build("key")])).PeakActivationBytes;

    private static Block Conv(string name, int inChannels, int outChannels)
    {
        var block = new BlockBuilder(name, Image with { Channels = inChannels });
        block.Add("conv", new Convolution(inChannels, outChannels, 3), 0);
        return block.Build(name);
    }

    private static Block Sum(string name)
    {
        var shape = Image with { Channels = 4 };
        var block = new BlockBuilder(name, shape, shape);
        block.Add("add", new Add(), 0, 1);
        return block.Build(name);
    }
}
