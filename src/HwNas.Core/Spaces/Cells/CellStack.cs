using HwNas.Core.Graphs;

namespace HwNas.Core.Spaces.Cells;

/// <summary>A value of the network that is put together: what number it has, and its shape.</summary>
/// <param name="Number">First the inputs of what is put together, then the outputs of its blocks.</param>
/// <param name="Shape">Its shape.</param>
internal readonly record struct Value(int Number, FeatureShape Shape);

/// <summary>
/// Puts networks, or parts of them, together cell by cell. Blocks are made once and used by every network that has them.
/// </summary>
/// <param name="definition">What the cells are.</param>
/// <param name="made">The blocks that were made before.</param>
/// <param name="inputs">Number of values that are there before the first block.</param>
internal sealed class CellStack(CellDefinition definition, Dictionary<(string Name, string Key), Block> made, int inputs)
{
    private readonly List<Block> _blocks = [];
    private readonly List<int[]> _wiring = [];
    private readonly CellOperation[] _operations = [.. definition.Operations.Select(name => CellOperation.Parse(name)!)];

    /// <summary>The blocks so far.</summary>
    public IReadOnlyList<Block> Blocks => _blocks;

    /// <summary>For each block the values that it reads.</summary>
    public IReadOnlyList<int[]> Wiring => _wiring;

    /// <summary>Adds a block.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="what">What it is, for blocks of one name.</param>
    /// <param name="make">Makes it.</param>
    /// <param name="read">What it reads.</param>
    public Value Add(string name, string what, Func<string, Block> make, params ReadOnlySpan<Value> read)
    {
        var shape = read[0].Shape;
        if (!made.TryGetValue((name, $"{what} {shape}"), out var block))
            made.Add((name, $"{what} {shape}"), block = make(name));
        var numbers = new int[read.Length];
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = read[i].Number;
        _blocks.Add(block);
        _wiring.Add(numbers);
        return new Value(inputs + _blocks.Count - 1, block.Output);
    }

    /// <summary>Adds a cell.</summary>
    /// <param name="name">Its name, the prefix of its blocks' names.</param>
    /// <param name="given">Its inputs, the nearest last.</param>
    /// <param name="channels">Channels of its nodes.</param>
    /// <param name="isReduction">Whether edges from the inputs have stride 2.</param>
    /// <param name="choices">The operation of each edge: node by node, inputs first, then earlier nodes.</param>
    public Value AddCell(string name, Value[] given, int channels, bool isReduction, ReadOnlySpan<int> choices)
    {
        var side = given[^1].Shape.Height;
        List<Value> values = [.. given];
        if (definition.Preprocesses)
        {
            for (var i = 0; i < given.Length; i++)
            {
                var (number, input) = (i, given[i]);
                values[i] = Add(
                    $"{name}.in{number}", "",
                    block => CellBlocks.Preprocess(block, input.Shape, channels, input.Shape.Height > side ? 2 : 1),
                    input);
            }
        }

        var edge = 0;
        for (var node = 0; node < definition.Nodes; node++)
        {
            var summands = new List<Value>();
            var from = values.Count;
            for (var source = 0; source < from; source++)
            {
                var operation = _operations[choices[edge++]];
                var stride = isReduction && source < given.Length ? 2 : 1;
                if (operation.IsNone)
                    continue;
                var value = values[source];
                summands.Add(operation.IsSkip && stride == 1
                    ? value
                    : Add(
                        $"{name}.{node}.{source}.{operation.Name}", "",
                        block => operation.At(block, value.Shape, stride),
                        value));
            }

            values.Add(Join(name, node, summands, values[0], isReduction ? 2 : 1));
        }

        var nodes = values.Skip(given.Length).ToArray();
        return definition.Output == CellOutput.Last || nodes.Length == 1
            ? nodes[^1]
            : Add($"{name}.out", "", block => CellBlocks.Concatenate(block, nodes[0].Shape, nodes.Length), nodes);
    }

    private Value Join(string cell, int node, List<Value> given, Value input, int stride) => given.Count switch
    {
        0 => Add($"{cell}.{node}.zero", "", block => CellBlocks.Zero(block, input.Shape, stride), input),
        1 => given[0],
        _ => Add($"{cell}.{node}.sum", $"{given.Count}", block => CellBlocks.Sum(block, given[0].Shape, given.Count), [.. given]),
    };
}
