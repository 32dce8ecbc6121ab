using HwNas.Core.SearchSpaces;

namespace HwNas.Core.Networks;

/// <summary>Lists the layers that networks of a space can have: what a profile of a device must measure.</summary>
public static class LayerCatalog
{
    /// <summary>
    /// One layer for each distinct <see cref="LayerSpec.LatencyKey"/> of the space, in order of resolution and then of
    /// execution. Layers are chained by their shapes, so no architecture is enumerated: a stage's first block meets
    /// every width of the stage before, all later blocks of a stage are alike.
    /// </summary>
    public static IReadOnlyList<LayerSpec> DistinctLayers(SearchSpace space)
    {
        ArgumentNullException.ThrowIfNull(space);
        var layers = new List<LayerSpec>();
        var keys = new HashSet<string>();
        foreach (var resolution in space.Definition.Resolutions)
        {
            foreach (var layer in LayersAt(space.Definition, resolution))
            {
                if (keys.Add(layer.LatencyKey))
                    layers.Add(layer);
            }
        }

        return layers;
    }

    private static IEnumerable<LayerSpec> LayersAt(SearchSpaceDefinition space, int resolution)
    {
        // The feature maps that reach the next layer, one for each width.
        var inputs = new List<FeatureShape>();
        foreach (var width in space.Stem.Widths)
        {
            var stem = NetworkPlan.Stem(space, resolution, width);
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
                if (stage.Depths[^1] == 1)
                    continue;
                foreach (var later in Blocks(space, index, 1, output, width))
                    yield return later;
            }

            inputs = outputs;
        }

        foreach (var input in inputs)
        {
            foreach (var width in space.Head.Widths)
                yield return NetworkPlan.Head(space, input, width);
        }
    }

    private static IEnumerable<LayerSpec> Blocks(SearchSpaceDefinition space, int stage, int block, FeatureShape input, int width) =>
        from kernel in space.Stages[stage].Kernels
        from expansion in space.Stages[stage].Expansions
        select NetworkPlan.Block(space, stage, block, input, width, kernel, expansion);
}
