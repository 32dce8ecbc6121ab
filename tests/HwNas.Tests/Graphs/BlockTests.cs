using HwNas.Core.Graphs;
using HwNas.Core.Spaces;
using HwNas.Tests.Spaces;

namespace HwNas.Tests.Graphs;

public sealed class BlockTests
{
    public static TheoryData<string> BuiltIn => [.. BuiltInSpaces.Names];

    [Theory]
    [MemberData(nameof(BuiltIn))]
    public void Two_blocks_share_a_latency_key_exactly_when_they_compute_the_same(string name)
    {
        var byKey = new Dictionary<string, string>();
        var byComputation = new Dictionary<string, string>();
        foreach (var block in SearchSpace.Load(name).Blocks())
        {
            var computation = Computation(block);
            Assert.Equal(
                computation, byKey.TryGetValue(block.LatencyKey, out var known) ? known : byKey[block.LatencyKey] = computation);
            Assert.Equal(
                block.LatencyKey,
                byComputation.TryGetValue(computation, out var key) ? key : byComputation[computation] = block.LatencyKey);
        }
    }

    [Fact]
    public void The_union_has_every_block_of_every_network_under_its_name()
    {
        foreach (var space in new ISearchSpace[] { SmallSpaces.PerStage, SmallSpaces.PerBlock })
        {
            var union = space.Blocks().Select(block => (block.Name, block.LatencyKey)).ToHashSet();
            var found = space.Genomes.Enumerate()
                .SelectMany(genome => space.PlanOf(genome).Blocks)
                .Select(block => (block.Name, block.LatencyKey)).ToHashSet();
            Assert.Equal(found.Order(), union.Order());
        }
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_refused_where_they_are_built()
    {
        var block = new BlockBuilder("block", new FeatureShape(3, 5, 5), new FeatureShape(4, 5, 5));
        Assert.Throws<ArgumentException>(() => block.Add("conv", new Convolution(4, 8, 3), 0));
        Assert.Throws<ArgumentException>(() => block.Add("add", new Add(), 0, 1));
        Assert.Throws<ArgumentException>(() => block.Add("gate", new Multiply(), 0, 1));
        Assert.Throws<ArgumentException>(() => block.Add("later", new Identity(), 2));
        Assert.Throws<ArgumentException>(() => block.Add("linear", new Linear(3, 2), 0));
        var both = block.Add("both", new Concatenate(), 0, 1);
        Assert.Throws<ArgumentException>(() => block.Add("both", new Identity(), 0));
        Assert.Equal(new FeatureShape(7, 5, 5), block.ShapeOf(both));
    }

    [Fact]
    public void A_network_whose_wiring_does_not_fit_is_refused()
    {
        var image = new FeatureShape(3, 5, 5);
        var block = new BlockBuilder("conv", image);
        block.Add("conv", new Convolution(3, 8, 3), 0);
        var conv = block.Build("key");
        Assert.Throws<ArgumentException>(() => new NetworkPlan("net", image, [conv], [[1]]));
        Assert.Throws<ArgumentException>(() => new NetworkPlan("net", image with { Channels = 1 }, [conv], [[0]]));
        Assert.Throws<ArgumentException>(() => new NetworkPlan("net", image, [conv, conv], [[0], [0]]));
        Assert.Throws<ArgumentException>(() => new NetworkPlan("net", image, [], []));
    }

    [Theory]
    [InlineData(7, 2, 2, 0, true, 4)]
    [InlineData(8, 2, 2, 0, true, 4)]
    [InlineData(7, 2, 2, 0, false, 3)]
    [InlineData(1, 2, 2, 0, true, 1)]
    [InlineData(8, 3, 1, 1, false, 8)]
    [InlineData(7, 3, 2, 1, false, 4)]
    public void Pooled_maps_have_as_many_windows_as_fit(
        int side, int kernel, int stride, int padding, bool keepsRest, int expected) =>
        Assert.Equal(
            new FeatureShape(3, expected, expected),
            new Pooling(PoolingKind.Average, kernel, stride, padding, keepsRest).OutputOf([new FeatureShape(3, side, side)]));

    // What it computes, whatever its nodes are called.
    private static string Computation(Block block) => string.Join(
        '\n',
        block.Nodes.Select(node => $"{node.Operation} of {string.Join(',', node.Inputs)} gives {node.Output}")
            .Prepend(string.Join(',', block.Inputs)));
}
