using HwNas.Core.Networks;
using HwNas.Core.SearchSpaces;
using HwNas.Tests.SearchSpaces;

namespace HwNas.Tests.Networks;

public sealed class LayerCatalogTests
{
    [Fact]
    public void Distinct_layers_are_those_of_all_architectures_when_genes_are_per_stage() => AssertMatchesEnumeration(SmallSpaces.PerStage);

    [Fact]
    public void Distinct_layers_are_those_of_all_architectures_when_genes_are_per_block() => AssertMatchesEnumeration(SmallSpaces.PerBlock);

    private static void AssertMatchesEnumeration(SearchSpace space)
    {
        var expected = space.Genomes.Enumerate()
            .SelectMany(genome => NetworkPlan.Build(space, space.Decode(genome)).Layers)
            .Select(layer => layer.LatencyKey)
            .ToHashSet();

        var listed = LayerCatalog.DistinctLayers(space).Select(layer => layer.LatencyKey).ToList();

        Assert.Equal(listed.Count, listed.Distinct().Count());
        Assert.Equal(expected.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }
}
