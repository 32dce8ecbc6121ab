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

    // Every block is made once: a table of costs asks for the same few blocks again and again.
    private readonly Dictionary<(string, string), Block> _made = [];
    private readonly Lock _making = new();

    private CellSpace(CellDefinition definition)
    {
        Definition = definition;
        _operations = [.. definition.Operations.Select(name => CellOperation.Parse(name)!)];
        var (genes, sources) = (new List<Gene>(), new List<int>());
        if (definition.Resolutions.Length > 1)
        {
            genes.Add(new Gene(GeneKind.Resolution, -1, -1, "resolution", definition.Resolutions));
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
    public IEnumerable<Block> Blocks
    {
        get
        {
            foreach (var resolution in Resolutions)
            {
                var union = new Dictionary<(string, string), Block>();
                foreach (var genome in CoveringGenomes(Resolutions.IndexOf(resolution)))
                {
                    foreach (var block in PlanOf(genome).Blocks)
                        union.TryAdd((block.Name, block.LatencyKey), block);
                }

                foreach (var block in union.Values)
                    yield return block;
            }
        }
    }

    /// <inheritdoc/>
    public ImmutableArray<CostTerm> CostTerms
    {
        get
        {
            ImmutableArray<int> resolution = Resolutions.Length > 1 ? [0] : [];
            return
            [
                new CostTerm(resolution, choices => Part(choices, kind: -1)),
                .. _firstGene.Select((first, kind) => new CostTerm(
                    [.. resolution, .. Enumerable.Range(first, Definition.Edges)], choices => Part(choices, kind))),
            ];
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
    public NetworkPlan PlanOf(Genome genome)
    {
        ArgumentNullException.ThrowIfNull(genome);
        var resolution = Resolutions.Length > 1 ? Resolutions[genome[0]] : Resolutions[0];
        var edges = _firstGene.Select(first => Enumerable.Range(first, Definition.Edges).Select(gene => genome[gene]).ToArray())
            .ToArray();
        lock (_making)
        {
            var stack = new CellStack(Definition, _made, inputs: 1);
            Walk(
                resolution,
                (name, inputs, channels, kind) => Add(stack, name, inputs, channels, kind, kind < 0 ? [] : edges[kind]));
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

    // The macro skeleton: stem, stages of cells with what halves the maps between them, head. Kind −1 is a block that no
    // gene chooses, 0 a normal cell, 1 a reduction cell.
    private void Walk(int resolution, Func<string, Value[], int, int, Value> add)
    {
        var stem = add("stem", [new Value(0, ImageAt(resolution))], Definition.StemChannels, -1);
        var (before, last, number) = (stem, stem, 0);
        for (var stage = 0; stage < Definition.Stages; stage++)
        {
            var channels = Definition.StemChannels << stage;
            if (stage > 0)
            {
                (before, last) = Definition.Reduction == ReductionKind.Residual
                    ? (last, add($"reduction{stage}", [last], channels, -1))
                    : (last, add($"cell{number++}", Inputs(before, last), channels, 1));
            }

            for (var cell = 0; cell < Definition.CellsPerStage; cell++)
                (before, last) = (last, add($"cell{number++}", Inputs(before, last), channels, 0));
        }

        add("head", [last], Definition.Classes, -1);
    }

    private Value[] Inputs(Value before, Value last) => Definition.CellInputs == 1 ? [last] : [before, last];

    private Block Fixed(string name, FeatureShape input) => name switch
    {
        "stem" => CellBlocks.Stem(input, Definition.StemChannels),
        "head" => CellBlocks.Head(input, Classes),
        _ => CellBlocks.Residual(name, input),
    };

    // The blocks of all cells of a kind (kind −1: of what no gene chooses), and the greatest peak of any of them. What a cell
    // gives has one shape whatever its genes are, so the other parts need not be known.
    private NetworkPart Part(int[] choices, int kind)
    {
        var resolution = Resolutions.Length > 1 ? Resolutions[choices[0]] : Resolutions[0];
        var edges = choices.AsSpan(Resolutions.Length > 1 ? 1 : 0).ToArray();
        var (blocks, peaks, number) = (new List<Block>(), new Dictionary<string, long>(), 0);
        lock (_making)
        {
            Walk(resolution, (name, inputs, channels, of) =>
            {
                if (of == kind)
                {
                    var distinct = inputs.Distinct().ToArray();
                    Value[] local = [.. inputs.Select(input => new Value(Array.IndexOf(distinct, input), input.Shape))];
                    var stack = new CellStack(Definition, _made, distinct.Length);
                    var output = Add(stack, name, local, channels, of, edges);
                    blocks.AddRange(stack.Blocks);

                    // The nearest input is the farther one of the next cell, so it outlives this one, unless the head is next.
                    var outlives = inputs.Length > 1 && of >= 0 && name != $"cell{Cells - 1}";
                    var situation = $"{string.Join(' ', distinct.Select(input => input.Shape))} {of} {outlives} "
                        + $"{(of < 0 ? name : "")}";
                    if (!peaks.ContainsKey(situation))
                    {
                        peaks.Add(situation, PeakMemory.BytesOf(
                            [.. distinct.Select(input => input.Shape)], stack.Blocks, stack.Wiring,
                            outlives ? [output.Number, distinct.Length - 1] : [output.Number]));
                    }
                }

                return new Value(
                    ++number,
                    of < 0 ? Fixed(name, inputs[0].Shape).Output : OutputOf(inputs[^1].Shape, channels, isReduction: of == 1));
            });
        }

        return new NetworkPart(blocks, peaks.Values.DefaultIfEmpty(0).Max());
    }

    private int Cells =>
        (Definition.Stages * Definition.CellsPerStage) + (Definition.Reduction == ReductionKind.Cell ? Definition.Stages - 1 : 0);

    private Value Add(CellStack stack, string name, Value[] inputs, int channels, int kind, int[] edges) => kind < 0
        ? stack.Add(name, "", block => Fixed(block, inputs[0].Shape), inputs)
        : stack.AddCell(name, inputs, channels, isReduction: kind == 1, edges);

    private FeatureShape OutputOf(FeatureShape input, int channels, bool isReduction)
    {
        var side = isReduction ? ((input.Height - 1) / 2) + 1 : input.Height;
        return new FeatureShape(Definition.Output == CellOutput.Last ? channels : channels * Definition.Nodes, side, side);
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
