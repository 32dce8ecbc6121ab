using System.Collections.Immutable;
using System.Text.Json.Nodes;
using HwNas.Core.Files;
using HwNas.Core.Graphs;

namespace HwNas.Core.Spaces.Cells;

/// <summary>A space of stacked cells, such as NAS-Bench-201's (Dong and Yang 2020, arXiv 2001.00326).</summary>
public sealed class CellSpace : ISearchSpace
{
    /// <summary>The schema of its files.</summary>
    public const string Schema = "hwnas/cell-space/1";

    private readonly CellOperation[] _operations;

    // Where each kind of cell has its genes: normal cells, then reduction cells if there are any.
    private readonly int[] _firstGene;

    // For each gene the source of its edge; −1 for the resolution.
    private readonly int[] _sources;

    private readonly CellParts _parts;
    private CellCostTerms? _costs;

    private CellSpace(CellDefinition definition)
    {
        Definition = definition;
        _parts = new CellParts(definition);
        _operations = [.. definition.Operations.Select(name => CellOperation.Parse(name)!)];
        var (genes, sources) = (new List<Gene>(), new List<int>());
        if (definition.Resolutions.Length > 1)
        {
            genes.Add(new Gene(GeneKind.Resolution, -1, -1, Gene.ResolutionName, definition.Resolutions));
            sources.Add(-1);
        }

        string[] kinds = definition.Reduction == ReductionKind.Cell && definition.Stages > 1
            ? ["normal", "reduction"]
            : ["normal"];
        _firstGene = new int[kinds.Length];
        foreach (var (kind, name) in kinds.Index())
        {
            _firstGene[kind] = genes.Count;
            for (var node = 0; node < definition.Nodes; node++)
            {
                for (var source = 0; source < definition.CellInputs + node; source++)
                {
                    genes.Add(new Gene(
                        GeneKind.Operator, kind, -1, $"{name}.{node}.{source}", [.. Enumerable.Range(0, _operations.Length)])
                    {
                        Labels = definition.Operations,
                    });
                    sources.Add(source);
                }
            }
        }

        _sources = [.. sources];
        Genomes = new GenomeSpace(genes);
        Hash = ContentHash.OfCanonicalJson(StrictJson.ParseObject(ToJson(), definition.Name));
    }

    /// <summary>The definition.</summary>
    public CellDefinition Definition { get; }

    /// <inheritdoc/>
    public string Name => Definition.Name;

    /// <inheritdoc/>
    public string Hash { get; }

    /// <inheritdoc/>
    public string Source => Definition.Source;

    /// <inheritdoc/>
    public int InputChannels => Definition.InputChannels;

    /// <inheritdoc/>
    public int Classes => Definition.Classes;

    /// <inheritdoc/>
    public ImmutableArray<int> Resolutions => Definition.Resolutions;

    /// <inheritdoc/>
    public GenomeSpace Genomes { get; }

    /// <summary>
    /// The least resolution, and on every edge <c>skip_connect</c>, or the first operation that is not <c>none</c>.
    /// </summary>
    public Genome Smallest => Everywhere(
        0,
        Definition.Operations.Contains(CellOperation.Skip)
            ? Definition.Operations.IndexOf(CellOperation.Skip)
            : Array.FindIndex(_operations, operation => !operation.IsNone));

    /// <summary>The greatest resolution, and on every edge the operation with the most MACs.</summary>
    public Genome Largest => Everywhere(
        Resolutions.Length - 1, Enumerable.Range(0, _operations.Length).MaxBy(operation =>
            _operations[operation].IsNone || _operations[operation].IsSkip
                ? 0
                : _operations[operation].At("any", new FeatureShape(16, 8, 8), stride: 1).Macs));

    /// <inheritdoc/>
    public ImmutableArray<CostTerm> CostTerms => Costs.Terms;

    /// <inheritdoc/>
    public ImmutableArray<UntabledPeak> UntabledPeaks => Costs.UntabledPeaks;

    private CellCostTerms Costs
    {
        get
        {
            lock (_parts)
                return _costs ??= new CellCostTerms(Definition, _parts, _firstGene, [.. Resolutions.Select(Skeleton)]);
        }
    }

    /// <summary>Reads the JSON text of a definition.</summary>
    /// <param name="json">The text.</param>
    /// <param name="origin">Names it in errors.</param>
    /// <exception cref="InputException">The text has problems; the message lists them.</exception>
    public static CellSpace Read(string json, string origin) =>
        Create(StrictJson.Parse<CellDefinition>(json, Schema, origin), origin);

    /// <summary>Validates a definition.</summary>
    /// <param name="definition">The definition.</param>
    /// <param name="origin">Names it in errors.</param>
    /// <exception cref="InputException">The definition has problems; the message lists all of them.</exception>
    public static CellSpace Create(CellDefinition definition, string origin)
    {
        ArgumentNullException.ThrowIfNull(definition);
        var problems = definition.Problems();
        return problems.Count == 0 ? new CellSpace(definition) : throw SearchSpace.Invalid(origin, problems);
    }

    /// <inheritdoc/>
    public IEnumerable<Block> BlocksAt(int resolution) => CoveringGenomes(Resolutions.IndexOf(resolution))
        .SelectMany(genome => PlanOf(genome).Blocks)
        .DistinctBy(block => (block.Name, block.LatencyKey));

    /// <inheritdoc/>
    public NetworkPlan PlanOf(Genome genome)
    {
        ArgumentNullException.ThrowIfNull(genome);
        var resolution = Resolutions.Length > 1 ? Resolutions[genome[0]] : Resolutions[0];
        var edges = _firstGene.Select(first => Enumerable.Range(first, Definition.Edges).Select(gene => genome[gene]).ToArray())
            .ToArray();
        lock (_parts)
        {
            var stack = new CellStack(Definition, _parts);
            Walk(
                resolution, (block, input) => stack.Add(block, input),
                cell => stack.Add(cell, edges[cell.IsReduction ? 1 : 0]));
            return new NetworkPlan(
                IdOf(genome), ImageAt(resolution), [.. stack.Blocks],
                [.. stack.Wiring.Select(values => values.ToImmutableArray())]);
        }
    }

    /// <inheritdoc cref="CellIds"/>
    public string IdOf(Genome genome) => CellIds.Format(this, genome);

    /// <inheritdoc cref="CellIds"/>
    public Genome Parse(string text, string origin = "") => CellIds.Parse(this, text, origin);

    /// <inheritdoc/>
    public string ToJson(Genome genome) => new JsonObject { ["id"] = IdOf(genome) }.ToJsonString(StrictJson.LineOptions);

    /// <inheritdoc/>
    public string ToJson() => StrictJson.Serialize(Definition);

    private Genome Everywhere(int resolution, int operation) => Genomes.Create(
        [.. Genomes.Genes.Select(gene => (byte)(gene.Kind == GeneKind.Resolution ? resolution : operation))]);

    private FeatureShape ImageAt(int resolution) => new(InputChannels, resolution, resolution);

    // The macro skeleton: stem, stages of cells with what halves the maps between them, head. What no gene chooses gives a
    // block, and a cell is told by where it stands; both give the value that they make.
    private void Walk(int resolution, Func<Block, Value, Value> addFixed, Func<Cell, Value> addCell)
    {
        var stem = AddFixed("stem", new Value(0, ImageAt(resolution)));
        var (before, last, number) = (stem, stem, 0);
        for (var stage = 0; stage < Definition.Stages; stage++)
        {
            var channels = Definition.StemChannels << stage;
            if (stage > 0)
            {
                (before, last) = Definition.Reduction == ReductionKind.Residual
                    ? (last, AddFixed($"reduction{stage}", last))
                    : (last, addCell(Next(channels, isReduction: true)));
            }

            for (var cell = 0; cell < Definition.CellsPerStage; cell++)
                (before, last) = (last, addCell(Next(channels, isReduction: false)));
        }

        AddFixed("head", last);

        Value AddFixed(string name, Value input) => addFixed(_parts.Fixed(name, input.Shape), input);
        Cell Next(int channels, bool isReduction) => new(
            $"cell{number++}", Definition.CellInputs == 1 ? [last] : [before, last], channels, isReduction);
    }

    // The blocks that no gene chooses, and all cells, at a resolution.
    private (List<Block> Fixed, List<Cell> Cells) Skeleton(int resolution)
    {
        var (blocks, cells, number) = (new List<Block>(), new List<Cell>(), 0);
        Walk(
            resolution,
            (block, _) =>
            {
                blocks.Add(block);
                return new Value(++number, block.Output);
            },
            cell =>
            {
                cells.Add(cell);
                var channels = Definition.Output == CellOutput.Last ? cell.Channels : cell.Channels * Definition.Nodes;
                return new Value(++number, cell.Node with { Channels = channels });
            });
        return (blocks, cells);
    }

    // Every operation on every edge, and every number of edges that a node can have.
    private IEnumerable<Genome> CoveringGenomes(int resolution)
    {
        for (var operation = 0; operation < _operations.Length; operation++)
            yield return Everywhere(resolution, operation);
        var (none, some) = (
            Array.FindIndex(_operations, operation => operation.IsNone),
            Array.FindIndex(_operations, operation => !operation.IsNone));
        for (var edges = 1; none >= 0 && edges < Definition.CellInputs + Definition.Nodes - 1; edges++)
        {
            yield return Genomes.Create(
                [.. _sources.Select(source => (byte)(source < 0 ? resolution : source < edges ? some : none))]);
        }
    }
}
