using System.Collections.Immutable;
using HwNas.Core.Graphs;

namespace HwNas.Core.Spaces.MbConv;

/// <summary>
/// Cuts a space into terms: one for the stem, one for each stage (for each block where genes are per block), one for the
/// head. A stage's blocks depend on the widths before and of the stage, and on nothing earlier.
/// </summary>
internal sealed class MbConvCostTerms
{
    private readonly MbConvSpace _space;

    // For each resolution, the feature map that reaches each stage, and after them the head; without its channels.
    private readonly Dictionary<int, FeatureShape[]> _inputs;

    private readonly List<CostTerm> _terms = [];

    public MbConvCostTerms(MbConvSpace space)
    {
        _space = space;
        var definition = space.Definition;
        _inputs = definition.Resolutions.ToDictionary(resolution => resolution, resolution => InputsAt(definition, resolution));
        var resolution = Axis(GeneKind.Resolution, -1, definition.Resolutions);
        var previousWidth = Axis(GeneKind.Width, -1, definition.Stem.Widths);
        Add([resolution, previousWidth], v => [MbConvBlocks.Stem(definition, v[0], v[1])]);
        foreach (var (index, stage) in definition.Stages.Index())
        {
            var width = Axis(GeneKind.Width, index, stage.Widths);
            if (definition.Genes == GeneScope.PerStage)
                AddStage(index, resolution, previousWidth, width);
            else
                AddBlocks(index, resolution, previousWidth, width);
            previousWidth = width;
        }

        var head = Axis(GeneKind.Width, definition.Stages.Length, definition.Head.Widths);
        Add(
            [resolution, previousWidth, head],
            v => [MbConvBlocks.Head(definition, _inputs[v[0]][^1] with { Channels = v[1] }, v[2])]);
    }

    /// <summary>The terms, in order of execution.</summary>
    public ImmutableArray<CostTerm> Terms => [.. _terms];

    private void AddStage(int index, Axis resolution, Axis previousWidth, Axis width)
    {
        var stage = _space.Definition.Stages[index];
        Add(
            [
                resolution, previousWidth, width, Axis(GeneKind.Depth, index, stage.Depths),
                Axis(GeneKind.Kernel, index, stage.Kernels), Axis(GeneKind.Expansion, index, stage.Expansions),
            ],
            v => [.. Enumerable.Range(0, v[3]).Select(block => Block(index, block, v))]);
    }

    private void AddBlocks(int index, Axis resolution, Axis previousWidth, Axis width)
    {
        var stage = _space.Definition.Stages[index];
        var depth = Axis(GeneKind.Depth, index, stage.Depths);
        for (var i = 0; i < stage.Depths[^1]; i++)
        {
            var block = i;
            Add(
                [
                    resolution,
                    block == 0 ? previousWidth : new Axis(-1, [1]),
                    width,
                    block < stage.Depths[0] ? new Axis(-1, [stage.Depths[0]]) : depth,
                    Axis(GeneKind.Kernel, index, stage.Kernels, block), Axis(GeneKind.Expansion, index, stage.Expansions, block),
                ],
                v => block < v[3] ? [Block(index, block, v)] : []);
        }
    }

    // The values are resolution, previous width, width, depth, kernel, expansion.
    private Block Block(int stage, int block, int[] values)
    {
        var input = block == 0
            ? _inputs[values[0]][stage] with { Channels = values[1] }
            : _inputs[values[0]][stage + 1] with { Channels = values[2] };
        return MbConvBlocks.Block(_space.Definition, stage, block, input, values[2], values[4], values[5]);
    }

    private static FeatureShape[] InputsAt(MbConvDefinition space, int resolution)
    {
        var inputs = new List<FeatureShape> { MbConvBlocks.Stem(space, resolution, 1).Output };
        foreach (var (index, stage) in space.Stages.Index())
            inputs.Add(MbConvBlocks.Block(space, index, 0, inputs[^1], 1, stage.Kernels[0], stage.Expansions[0]).Output);
        return [.. inputs];
    }

    private void Add(Axis[] axes, Func<int[], IReadOnlyList<Block>> blocksAt)
    {
        ImmutableArray<int> genes = [.. axes.Where(axis => axis.Gene >= 0).Select(axis => axis.Gene)];
        _terms.Add(new CostTerm(genes, choices =>
        {
            var next = 0;
            return NetworkPart.Chain(blocksAt([.. axes.Select(axis => axis.Choices[axis.Gene < 0 ? 0 : choices[next++]])]));
        }));
    }

    private Axis Axis(GeneKind kind, int stage, ImmutableArray<int> choices, int block = -1) =>
        new(_space.Genomes.IndexOf(kind, stage, block), choices);
}

/// <summary>The values that a gene chooses among; one value and gene −1 where there is no choice.</summary>
internal readonly record struct Axis(int Gene, ImmutableArray<int> Choices);
