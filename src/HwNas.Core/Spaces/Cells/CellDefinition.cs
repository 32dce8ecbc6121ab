using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace HwNas.Core.Spaces.Cells;

/// <summary>What a cell gives to the next one.</summary>
public enum CellOutput
{
    /// <summary>Its last node (NAS-Bench-201).</summary>
    Last,

    /// <summary>The channels of all of its nodes (NASNet, DARTS).</summary>
    Concatenate,
}

/// <summary>What halves the maps between two stages.</summary>
public enum ReductionKind
{
    /// <summary>A fixed residual block with stride 2 (NAS-Bench-201).</summary>
    Residual,

    /// <summary>
    /// A reduction cell with genes of its own, whose edges from the cell's inputs have stride 2 (NASNet, DARTS).
    /// </summary>
    Cell,
}

/// <summary>
/// A space of stacked cells as its JSON file holds it. A cell is a graph whose nodes sum what their edges give; every
/// earlier node and every input has an edge to each node, and each edge is a gene that chooses an operation. All cells of a
/// kind are alike; channels double where maps are halved.
/// </summary>
/// <param name="Schema">Always <see cref="CellSpace.Schema"/>.</param>
/// <param name="Name">The name by which users ask for it.</param>
/// <param name="Source">Where it comes from.</param>
/// <param name="InputChannels">Channels of the images.</param>
/// <param name="Classes">Number of classes.</param>
/// <param name="Resolutions">Image sides in pixels, ascending; a gene where there are several.</param>
/// <param name="Operations">What an edge can be, by the names of <see cref="CellOperation"/>.</param>
/// <param name="CellInputs">Inputs of a cell: 1 for the cell before it, 2 for the two cells before it.</param>
/// <param name="Nodes">Nodes of a cell, its inputs not counted.</param>
/// <param name="Output">What a cell gives to the next one.</param>
/// <param name="StemChannels">Channels of the nodes of the first stage, and after the first convolution.</param>
/// <param name="Stages">Number of stages.</param>
/// <param name="CellsPerStage">Normal cells in each stage.</param>
/// <param name="Reduction">What lies between two stages.</param>
/// <param name="StemMultiplier">How many times the channels of the first stage the first convolution gives (DARTS: 3).</param>
public sealed record CellDefinition(
    string Schema,
    string Name,
    string Source,
    int InputChannels,
    int Classes,
    ImmutableArray<int> Resolutions,
    ImmutableArray<string> Operations,
    int CellInputs,
    int Nodes,
    CellOutput Output,
    int StemChannels,
    int Stages,
    int CellsPerStage,
    ReductionKind Reduction,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? StemMultiplier = null)
{
    private const int MaxChannels = 4096;

    /// <summary>Whether the inputs of a cell first pass a 1×1 convolution to the channels of its nodes.</summary>
    internal bool Preprocesses => CellInputs > 1 || Output == CellOutput.Concatenate || Reduction == ReductionKind.Cell;

    /// <summary>Number of edges of a cell.</summary>
    internal int Edges => Enumerable.Range(0, Nodes).Sum(node => CellInputs + node);

    /// <summary>All problems of the definition, each with its place and the rule that it breaks.</summary>
    internal IReadOnlyList<string> Problems()
    {
        var problems = new List<string>();
        if (PlainName.Problem("name", Name) is { } problem)
            problems.Add(problem);
        Range("input_channels", InputChannels, 1, 64);
        Range("classes", Classes, 2, 100_000);
        Range("cell_inputs", CellInputs, 1, 2);
        Range("nodes", Nodes, 1, 8);
        Range("stem_channels", StemChannels, 1, 1024);
        Range("stem_multiplier", StemMultiplier ?? 1, 1, Preprocesses ? 8 : 1);
        Range("stages", Stages, 1, 6);
        Range("cells_per_stage", CellsPerStage, 1, 32);
        if (Stages is >= 1 and <= 6 && (long)StemChannels << (Stages - 1) > MaxChannels)
            problems.Add($"stem_channels: {StemChannels} doubled in each of {Stages} stages is more than {MaxChannels}");
        if (Resolutions.IsDefaultOrEmpty
            || Resolutions.Length > 64
            || Resolutions.Any(side => side is < 8 or > 4096)
            || !Resolutions.SequenceEqual(Resolutions.Distinct().Order()))
        {
            problems.Add("resolutions: 1 to 64 sides from 8 to 4096 are needed, ascending, each once");
        }

        if (Operations.IsDefault || Operations.Length is < 2 or > 64 || Operations.Distinct().Count() != Operations.Length)
        {
            problems.Add("operations: 2 to 64 different ones are needed");
        }
        else
        {
            problems.AddRange(Operations.Where(operation => CellOperation.Parse(operation) is null)
                .Select(operation => $"operations: '{operation}' is none of {CellOperation.Known}"));
        }

        if (!Operations.IsDefault && Operations.All(operation => operation == CellOperation.None))
            problems.Add("operations: one beside 'none' is needed");
        if (CellInputs > 1 && Reduction == ReductionKind.Residual)
            problems.Add("reduction: a residual block has one input; cells with two need 'cell'");
        return problems;

        void Range(string place, int value, int least, int most)
        {
            if (value < least || value > most)
                problems.Add($"{place}: {value} is not in {least}..{most}");
        }
    }
}
