using System.Collections.Immutable;
using HwNas.Core.SearchSpaces;

namespace HwNas.Core.Networks;

/// <summary>
/// Cuts a space into <see cref="CostTerm"/>s: one for the stem, one for each stage (for each block where genes are per
/// block), one for the head. A stage's cost depends on the widths before and of the stage, and on nothing earlier.
/// </summary>
internal sealed class CostTerms
{
    // Beyond this a table would no longer fit the cache that makes it fast, and soon not the memory.
    private const long MaxEntries = 1 << 23;

    private readonly SearchSpace _space;
    private readonly CostAxis _resolution;

    // For each resolution, the feature map that reaches each stage, and after them the head; without its channels.
    private readonly Dictionary<int, FeatureShape[]> _inputs;

    private readonly List<Func<int[], IEnumerable<LayerSpec>>> _layers = [];
    private int _entries;

    public CostTerms(SearchSpace space)
    {
        _space = space;
        var definition = space.Definition;
        _inputs = definition.Resolutions.ToDictionary(resolution => resolution, resolution => InputsAt(definition, resolution));
        _resolution = Axis(GeneKind.Resolution, -1, definition.Resolutions);
        var previousWidth = Axis(GeneKind.Width, -1, definition.Stem.Widths);
        Positions.Add([Add([_resolution, One, previousWidth, One, One, One], v => [NetworkPlan.Stem(definition, v[0], v[2])])]);
        foreach (var (index, stage) in definition.Stages.Index())
        {
            var width = Axis(GeneKind.Width, index, stage.Widths);
            Positions.Add(definition.Genes == GeneScope.PerStage ? [Stage(index, previousWidth, width)] : Blocks(index, previousWidth, width));
            previousWidth = width;
        }

        var head = Axis(GeneKind.Width, definition.Stages.Length, definition.Head.Widths);
        Positions.Add([Add([_resolution, previousWidth, head, One, One, One], v => [NetworkPlan.Head(definition, InputOf(definition.Stages.Length, v), v[2])])]);
    }

    /// <summary>The terms in order of execution: stem, stages, head; several terms for a stage where genes are per block.</summary>
    public List<CostTerm[]> Positions { get; } = [];

    /// <summary>Number of entries of all terms.</summary>
    public int Entries => _entries;

    private static CostAxis One => new(-1, [1]);

    /// <summary>All terms, in order of execution, each with the layers that an entry stands for.</summary>
    public IEnumerable<(CostTerm Term, Func<int[], IEnumerable<LayerSpec>> LayersAt)> All() =>
        Positions.SelectMany(terms => terms).Zip(_layers);

    private CostTerm Stage(int index, CostAxis previousWidth, CostAxis width)
    {
        var stage = _space.Definition.Stages[index];
        CostAxis[] axes =
        [
            _resolution, previousWidth, width, Axis(GeneKind.Depth, index, stage.Depths),
            Axis(GeneKind.Kernel, index, stage.Kernels), Axis(GeneKind.Expansion, index, stage.Expansions),
        ];
        return Add(axes, values => Enumerable.Range(0, values[3]).Select(block => Block(index, block, values)));
    }

    private CostTerm[] Blocks(int index, CostAxis previousWidth, CostAxis width)
    {
        var stage = _space.Definition.Stages[index];
        var depth = Axis(GeneKind.Depth, index, stage.Depths);
        return
        [
            .. Enumerable.Range(0, stage.Depths[^1]).Select(block => Add(
                [
                    _resolution, block == 0 ? previousWidth : One, width, block < stage.Depths[0] ? new CostAxis(-1, [stage.Depths[0]]) : depth,
                    Axis(GeneKind.Kernel, index, stage.Kernels, block), Axis(GeneKind.Expansion, index, stage.Expansions, block),
                ],
                values => block < values[3] ? [Block(index, block, values)] : [])),
        ];
    }

    private MBConvLayer Block(int stage, int block, int[] values)
    {
        var input = block == 0
            ? InputOf(stage, values)
            : _inputs[values[0]][stage + 1] with { Channels = values[2] };
        return NetworkPlan.Block(_space.Definition, stage, block, input, values[2], values[4], values[5]);
    }

    private FeatureShape InputOf(int stage, int[] values) => _inputs[values[0]][stage] with { Channels = values[1] };

    private static FeatureShape[] InputsAt(SearchSpaceDefinition space, int resolution)
    {
        var inputs = new List<FeatureShape> { NetworkPlan.Stem(space, resolution, 1).Output };
        foreach (var (index, stage) in space.Stages.Index())
            inputs.Add(NetworkPlan.Block(space, index, 0, inputs[^1], 1, stage.Kernels[0], stage.Expansions[0]).Output);
        return [.. inputs];
    }

    private CostTerm Add(CostAxis[] axes, Func<int[], IEnumerable<LayerSpec>> layersAt)
    {
        var entries = _entries + axes.Aggregate(1L, (product, axis) => product * axis.Choices.Length);
        if (entries > MaxEntries)
        {
            throw new InputException(
                $"The search space '{_space.Name}' couples too many choices in one stage for a cost table ({entries} entries, at most {MaxEntries}). Give its stages fewer widths, depths, kernels or expansions.");
        }

        var term = new CostTerm(_entries, axes);
        _entries = (int)entries;
        _layers.Add(layersAt);
        return term;
    }

    private CostAxis Axis(GeneKind kind, int stage, ImmutableArray<int> choices, int block = -1) =>
        new(_space.Genomes.IndexOf(kind, stage, block), [.. choices]);
}
