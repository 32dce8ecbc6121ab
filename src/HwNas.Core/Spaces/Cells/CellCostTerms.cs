using System.Collections.Immutable;
using HwNas.Core.Graphs;

namespace HwNas.Core.Spaces.Cells;

/// <summary>
/// What the networks of a cell space cost, from small tables: of what no gene chooses, of each edge, of what joins the edges
/// of each node. Peak memory couples all edges of a cell: where they have too many choices for a table, it is walked.
/// </summary>
internal sealed class CellCostTerms
{
    private const int MostTabled = 1 << 17;

    private readonly CellDefinition _definition;
    private readonly CellParts _parts;
    private readonly (List<Block> Fixed, List<Cell> Cells)[] _skeletons;
    private readonly ImmutableArray<int> _resolution;

    /// <summary>Makes the terms.</summary>
    /// <param name="definition">What the cells are.</param>
    /// <param name="parts">Their blocks.</param>
    /// <param name="firstGenes">Where normal cells have their genes, and reduction cells if there are any.</param>
    /// <param name="skeletons">For each resolution the blocks that no gene chooses, and all cells.</param>
    public CellCostTerms(
        CellDefinition definition, CellParts parts, int[] firstGenes, (List<Block> Fixed, List<Cell> Cells)[] skeletons)
    {
        (_definition, _parts, _skeletons) = (definition, parts, skeletons);
        _resolution = skeletons.Length > 1 ? [0] : [];
        var terms = ImmutableArray.CreateBuilder<CostTerm>();
        terms.Add(FixedTerm());
        var walked = ImmutableArray.CreateBuilder<UntabledPeak>();
        foreach (var (kind, firstGene) in firstGenes.Index())
        {
            var gene = firstGene;
            for (var node = 0; node < definition.Nodes; node++)
            {
                var first = gene;
                for (var source = 0; source < definition.CellInputs + node; source++)
                    terms.Add(EdgeTerm(kind, node, source, gene++));
                terms.Add(JoinTerm(kind, node, [.. Enumerable.Range(first, gene - first)]));
            }

            CellPeak[][] peaks = [.. skeletons.Select(skeleton => Peaks(skeleton.Cells, kind))];
            if (skeletons.Length * Math.Pow(parts.Operations, definition.Edges) <= MostTabled)
                terms.Add(PeakTerm(peaks, [.. Enumerable.Range(firstGene, definition.Edges)]));
            else
                walked.Add(choices => Walked(peaks, firstGene, choices));
        }

        (Terms, UntabledPeaks) = (terms.ToImmutable(), walked.ToImmutable());
    }

    /// <summary>The terms.</summary>
    public ImmutableArray<CostTerm> Terms { get; }

    /// <summary>Peak memory of each kind of cell that no term holds.</summary>
    public ImmutableArray<UntabledPeak> UntabledPeaks { get; }

    private CostTerm FixedTerm()
    {
        NetworkPart[] parts =
        [
            .. _skeletons.Select(skeleton => NetworkPart.Chain(skeleton.Fixed) with
            {
                Blocks =
                [
                    .. skeleton.Fixed,
                    .. skeleton.Cells.SelectMany(cell => cell.Inputs.Select((_, number) => _parts.Preprocess(cell, number)))
                        .OfType<Block>(),
                    .. skeleton.Cells.Select(_parts.Output).OfType<Block>(),
                ],
            }),
        ];
        return new CostTerm(_resolution, choices => parts[ResolutionOf(choices)]);
    }

    private CostTerm EdgeTerm(int kind, int node, int source, int gene)
    {
        var parts = Parts(kind, _parts.Operations, (cell, choice) => _parts.Edge(cell, node, source, choice));
        return new CostTerm([.. _resolution, gene], choices => parts[ResolutionOf(choices)][choices[^1]]);
    }

    private CostTerm JoinTerm(int kind, int node, ImmutableArray<int> genes)
    {
        var parts = Parts(kind, genes.Length + 1, (cell, edges) => _parts.Join(cell, node, edges));
        return new CostTerm(
            [.. _resolution, .. genes],
            choices => parts[ResolutionOf(choices)][choices[_resolution.Length..].Count(_parts.IsEdge)]);
    }

    // For each resolution and choice the blocks of all cells of a kind.
    private NetworkPart[][] Parts(int kind, int choices, Func<Cell, int, Block?> blockOf) =>
    [
        .. _skeletons.Select(skeleton => Enumerable.Range(0, choices)
            .Select(choice => new NetworkPart(
                [.. skeleton.Cells.Where(cell => KindOf(cell) == kind).Select(cell => blockOf(cell, choice)).OfType<Block>()], 0))
            .ToArray()),
    ];

    private CostTerm PeakTerm(CellPeak[][] peaks, ImmutableArray<int> genes) => new(
        [.. _resolution, .. genes],
        choices => new NetworkPart(
            [], MostOf(peaks[ResolutionOf(choices)], [.. choices[_resolution.Length..].Select(choice => (byte)choice)])));

    // Most cells stand as another one does.
    private CellPeak[] Peaks(List<Cell> cells, int kind)
    {
        // The nearest input is the farther one of the next cell, so it outlives this one, unless the head is next.
        var places = cells.Where(cell => KindOf(cell) == kind)
            .Select(cell => (Cell: cell, Outlives: cell.Inputs.Length > 1 && cell != cells[^1]));
        return
        [
            .. places
                .DistinctBy(place => (
                    string.Join(' ', place.Cell.Inputs.Select(input => input.Shape)), place.Cell.Inputs.Distinct().Count(),
                    place.Cell.Channels, place.Outlives))
                .Select(place => new CellPeak(_definition, _parts, place.Cell, place.Outlives)),
        ];
    }

    private long Walked(CellPeak[][] peaks, int firstGene, ReadOnlySpan<byte> choices) =>
        MostOf(peaks[_resolution.Length > 0 ? choices[0] : 0], choices.Slice(firstGene, _definition.Edges));

    private static long MostOf(CellPeak[] peaks, ReadOnlySpan<byte> choices)
    {
        var most = 0L;
        foreach (var peak in peaks)
            most = Math.Max(most, peak.BytesOf(choices));
        return most;
    }

    private int ResolutionOf(int[] choices) => _resolution.Length > 0 ? choices[0] : 0;

    private static int KindOf(Cell cell) => cell.IsReduction ? 1 : 0;
}
