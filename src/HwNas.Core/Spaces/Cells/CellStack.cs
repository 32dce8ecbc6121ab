using HwNas.Core.Graphs;

namespace HwNas.Core.Spaces.Cells;

/// <summary>Puts a network together cell by cell.</summary>
/// <param name="definition">What the cells are.</param>
/// <param name="parts">Their blocks.</param>
internal sealed class CellStack(CellDefinition definition, CellParts parts)
{
    private readonly List<Block> _blocks = [];
    private readonly List<int[]> _wiring = [];

    /// <summary>The blocks so far.</summary>
    public IReadOnlyList<Block> Blocks => _blocks;

    /// <summary>For each block the values that it reads.</summary>
    public IReadOnlyList<int[]> Wiring => _wiring;

    /// <summary>Adds a block.</summary>
    public Value Add(Block block, params ReadOnlySpan<Value> read)
    {
        var numbers = new int[read.Length];
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = read[i].Number;
        _blocks.Add(block);
        _wiring.Add(numbers);
        return new Value(_blocks.Count, block.Output);
    }

    /// <summary>Adds a cell.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="choices">The operation of each edge: node by node, inputs first, then earlier nodes.</param>
    public Value Add(Cell cell, ReadOnlySpan<int> choices)
    {
        List<Value> values = [];
        foreach (var (number, input) in cell.Inputs.Index())
            values.Add(parts.Preprocess(cell, number) is { } block ? Add(block, input) : input);

        var edge = 0;
        for (var node = 0; node < definition.Nodes; node++)
        {
            var summands = new List<Value>();
            for (var source = 0; source < cell.Inputs.Length + node; source++)
            {
                var (choice, value) = (choices[edge++], values[source]);
                if (parts.IsEdge(choice))
                    summands.Add(parts.Edge(cell, node, source, choice) is { } block ? Add(block, value) : value);
            }

            values.Add(parts.Join(cell, node, summands.Count) is { } join
                ? Add(join, summands.Count == 0 ? [values[0]] : [.. summands])
                : summands[0]);
        }

        return parts.Output(cell) is { } output ? Add(output, [.. values.Skip(cell.Inputs.Length)]) : values[^1];
    }
}
