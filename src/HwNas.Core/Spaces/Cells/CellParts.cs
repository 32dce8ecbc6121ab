using HwNas.Core.Graphs;

namespace HwNas.Core.Spaces.Cells;

/// <summary>
/// The blocks that cells are put together from. Each is made once, by its name and what it is, and used by every network
/// that has it: costs and the supernet's training ask for the same few blocks again and again.
/// </summary>
/// <param name="definition">What the cells are.</param>
internal sealed class CellParts(CellDefinition definition)
{
    private readonly Dictionary<(string Name, string What), Block> _made = [];
    private readonly CellOperation[] _operations = [.. definition.Operations.Select(name => CellOperation.Parse(name)!)];

    /// <summary>Number of operations that an edge can be.</summary>
    public int Operations => _operations.Length;

    /// <summary>Whether an edge of this choice is there.</summary>
    public bool IsEdge(int choice) => !_operations[choice].IsNone;

    /// <summary>A block that no gene chooses: the stem, a residual block between stages, the head.</summary>
    public Block Fixed(string name, FeatureShape input) => Once(name, "", input, block => block switch
    {
        "stem" => CellBlocks.Stem(input, definition.StemChannels * (definition.StemMultiplier ?? 1)),
        "head" => CellBlocks.Head(input, definition.Classes),
        _ => CellBlocks.Residual(block, input),
    });

    /// <summary>What brings an input of a cell to its nodes; null where inputs are taken as they are.</summary>
    public Block? Preprocess(Cell cell, int number) => definition.Preprocesses
        ? Once(
            $"{cell.Name}.in{number}", "", cell.Inputs[number].Shape,
            block => CellBlocks.Preprocess(
                block, cell.Inputs[number].Shape, cell.Channels, cell.Inputs[number].Shape.Height > cell.Given.Height ? 2 : 1))
        : null;

    /// <summary>An edge; null where it is none, or hands on what it reads.</summary>
    public Block? Edge(Cell cell, int node, int source, int choice)
    {
        var operation = _operations[choice];
        var isFromInput = source < cell.Inputs.Length;
        var (shape, stride) = (isFromInput ? cell.Given : cell.Node, isFromInput && cell.IsReduction ? 2 : 1);
        return operation.IsNone || (operation.IsSkip && stride == 1)
            ? null
            : Once($"{cell.Name}.{node}.{source}.{operation.Name}", "", shape, block => operation.At(block, shape, stride));
    }

    /// <summary>What makes a node of its edges; null where there is one, which is the node.</summary>
    public Block? Join(Cell cell, int node, int edges) => edges switch
    {
        0 => Once(
            $"{cell.Name}.{node}.zero", "", cell.Given, block => CellBlocks.Zero(block, cell.Given, cell.IsReduction ? 2 : 1)),
        1 => null,
        _ => Once($"{cell.Name}.{node}.sum", $"{edges}", cell.Node, block => CellBlocks.Sum(block, cell.Node, edges)),
    };

    /// <summary>What puts the nodes together; null where the last one is the cell's output.</summary>
    public Block? Output(Cell cell) => definition.Output == CellOutput.Last || definition.Nodes == 1
        ? null
        : Once($"{cell.Name}.out", "", cell.Node, block => CellBlocks.Concatenate(block, cell.Node, definition.Nodes));

    private Block Once(string name, string what, FeatureShape shape, Func<string, Block> make)
    {
        var key = (name, $"{what} {shape}");
        if (!_made.TryGetValue(key, out var block))
            _made.Add(key, block = make(name));
        return block;
    }
}

/// <summary>A cell in its place.</summary>
/// <param name="Name">Its name, the prefix of its blocks' names.</param>
/// <param name="Inputs">What it reads, the nearest last.</param>
/// <param name="Channels">Channels of its nodes.</param>
/// <param name="IsReduction">Whether edges from the inputs have stride 2.</param>
internal sealed record Cell(string Name, Value[] Inputs, int Channels, bool IsReduction)
{
    /// <summary>Shape of an input as its edges read it.</summary>
    public FeatureShape Given => Inputs[^1].Shape with { Channels = Channels };

    /// <summary>Shape of a node.</summary>
    public FeatureShape Node => IsReduction
        ? Given with { Height = ((Given.Height - 1) / 2) + 1, Width = ((Given.Width - 1) / 2) + 1 }
        : Given;
}

/// <summary>A value of the network that is put together: what number it has, and its shape.</summary>
/// <param name="Number">First the image, then the outputs of blocks.</param>
/// <param name="Shape">Its shape.</param>
internal readonly record struct Value(int Number, FeatureShape Shape);
