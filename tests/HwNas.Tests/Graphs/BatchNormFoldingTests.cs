using HwNas.Core.Graphs;
using HwNas.Core.Spaces;
using HwNas.Tests.Spaces;

namespace HwNas.Tests.Graphs;

public sealed class BatchNormFoldingTests
{
    [Fact]
    public void Folded_networks_compute_the_same_without_batch_norm()
    {
        foreach (var space in new ISearchSpace[] { SmallSpaces.PerStage, SmallSpaces.PerBlock })
        {
            var random = new Random(3);
            for (var trial = 0; trial < 3; trial++)
                AssertSame(space.PlanOf(space.Genomes.Sample(random)), trial);
        }
    }

    [Fact]
    public void Batch_norm_alone_and_behind_a_convolution_that_others_read_becomes_a_scaling_of_its_own()
    {
        var block = new BlockBuilder("block", new FeatureShape(3, 4, 4));
        var first = block.Add("first", new BatchNorm(3), 0);
        var conv = block.Convolve("conv", new Convolution(3, 3, 3, Bias: true), batchNorm: false, Activation.None, first);
        var norm = block.Add("norm", new BatchNorm(3), conv);
        block.Add("sum", new Add(), norm, conv);

        AssertSame(NetworkPlan.Chain("net", [block.Build("key")]), seed: 7);
    }

    private static void AssertSame(NetworkPlan plan, int seed)
    {
        var weights = SomeWeights.Of(plan, seed);
        var images = SomeWeights.Images(plan, 2, seed);

        var folded = BatchNormFolding.Fold(weights);

        Assert.DoesNotContain(folded.Plan.Blocks.SelectMany(block => block.Nodes), node => node.Operation is BatchNorm);
        Assert.Equal(
            plan.Blocks.Select(block => (block.Name, block.LatencyKey, block.Output)),
            folded.Plan.Blocks.Select(block => (block.Name, block.LatencyKey, block.Output)));
        var expected = ReferenceInterpreter.Run(plan, name => Exact(weights, name), images);
        var actual = ReferenceInterpreter.Run(folded.Plan, name => Exact(folded, name), images);
        foreach (var (a, b) in expected.Zip(actual))
        {
            var scale = a.Max(Math.Abs);
            Assert.All(a.Zip(b), pair => Assert.Equal(pair.First, pair.Second, 1e-4 * scale));
        }
    }

    private static double[] Exact(SubnetWeights weights, string name) => [.. weights[name].Values.Select(value => (double)value)];
}
