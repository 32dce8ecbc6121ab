using HwNas.Core.Graphs;
using HwNas.Core.Spaces;
using HwNas.Core.Spaces.MbConv;

namespace HwNas.Tests.Graphs;

/// <summary>A backbone is the network without its head, tapped where each stride ends.</summary>
public sealed class BackboneTests
{
    [Fact]
    public void The_taps_of_BigNAS_are_the_last_blocks_of_its_strides()
    {
        var space = MbConvSpace.Load("bignas");
        var plan = space.PlanOf(space.Smallest);
        var backbone = Backbone.Of(plan);
        Assert.Equal([2, 4, 8, 16, 32], backbone.Taps.Values.Select(tap => tap.Stride));
        foreach (var (value, tap) in backbone.Taps)
        {
            var side = (plan.Input.Height + tap.Stride - 1) / tap.Stride;
            Assert.Equal(new FeatureShape(tap.Channels, side, side), plan.ShapeOf(value));
            Assert.Equal(($"stride{tap.Stride}", side, side), (tap.Name, tap.Height, tap.Width));
            // The next block halves the map, or is the head.
            Assert.True(value == plan.Blocks.Length - 1 || plan.Blocks[value].Output.Height < side, tap.Name);
        }

        Assert.True(plan.Blocks[..^1].SequenceEqual(backbone.Plan.Blocks));
    }

    [Fact]
    public void Every_built_in_space_has_taps_of_rising_strides_at_any_resolution()
    {
        foreach (var space in BuiltInSpaces.Names.Select(SearchSpace.Load))
        {
            var random = new Random(3);
            foreach (var genome in Enumerable.Range(0, 10).Select(_ => space.Genomes.Sample(random)))
            {
                var plan = space.PlanOf(genome);
                var backbone = Backbone.Of(plan);
                var strides = backbone.Taps.Values.Select(tap => tap.Stride).ToList();
                Assert.Equal(strides.Order(), strides);
                Assert.Equal(strides.Count, strides.Distinct().Count());
                Assert.All(strides, stride => Assert.True(int.IsPow2(stride), $"{plan.Id}: {stride}"));
                // The deepest one is what the head reads.
                Assert.Equal(plan.Wiring[^1][0], backbone.Taps.Keys.Last());
            }
        }
    }
}
