using HwNas.Core.Spaces;
using HwNas.Core.Spaces.MbConv;

namespace HwNas.Tests.Spaces;

public sealed class DistinctBlocksTests
{
    [Fact]
    public void Distinct_blocks_are_those_of_all_architectures_when_genes_are_per_stage() =>
        AssertMatchesEnumeration(SmallSpaces.PerStage);

    [Fact]
    public void Distinct_blocks_are_those_of_all_architectures_when_genes_are_per_block() =>
        AssertMatchesEnumeration(SmallSpaces.PerBlock);

    private static void AssertMatchesEnumeration(MbConvSpace space)
    {
        var expected = space.Genomes.Enumerate()
            .SelectMany(genome => space.PlanOf(genome).Blocks)
            .Select(block => block.LatencyKey)
            .ToHashSet();

        var listed = space.DistinctBlocks().Select(block => block.LatencyKey).ToList();

        Assert.Equal(listed.Count, listed.Distinct().Count());
        Assert.Equal(expected.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }
}
