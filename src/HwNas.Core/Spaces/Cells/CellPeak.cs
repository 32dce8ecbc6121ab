using HwNas.Core.Graphs;

namespace HwNas.Core.Spaces.Cells;

/// <summary>
/// Peak memory of a cell in its place, for any choices: the liveness walk of <see cref="PeakMemory"/> over blocks whose own
/// rises are known beforehand, so that nothing is made and nothing allocated. What a cell gives has one shape whatever its
/// genes are, so the rest of the network need not be known.
/// </summary>
internal sealed class CellPeak
{
    private readonly CellDefinition _definition;
    private readonly long[] _given;
    private readonly int[] _givenOf;
    private readonly Rise[] _preprocess;

    // For each edge and choice; null where the edge hands on what it reads.
    private readonly Rise?[][] _edges;
    private readonly bool[] _isEdge;
    private readonly Rise _zero;
    private readonly Rise _sum;
    private readonly Rise? _output;
    private readonly bool _outlives;

    /// <summary>Creates the walk.</summary>
    /// <param name="definition">What the cells are.</param>
    /// <param name="parts">Their blocks.</param>
    /// <param name="cell">The cell.</param>
    /// <param name="outlives">Whether its nearest input is needed after it.</param>
    public CellPeak(CellDefinition definition, CellParts parts, Cell cell, bool outlives)
    {
        _definition = definition;
        _outlives = outlives;
        var distinct = cell.Inputs.Distinct().ToArray();
        _given = [.. distinct.Select(input => input.Shape.Elements)];
        _givenOf = [.. cell.Inputs.Select(input => Array.IndexOf(distinct, input))];
        _preprocess = [.. cell.Inputs.Select((_, number) => parts.Preprocess(cell, number)).OfType<Block>().Select(Rise.Of)];
        _isEdge = [.. Enumerable.Range(0, parts.Operations).Select(parts.IsEdge)];
        _edges =
        [
            .. from node in Enumerable.Range(0, definition.Nodes)
               from source in Enumerable.Range(0, cell.Inputs.Length + node)
               select Enumerable.Range(0, parts.Operations)
                   .Select(choice => parts.Edge(cell, node, source, choice) is { } block ? Rise.Of(block) : (Rise?)null)
                   .ToArray(),
        ];
        _zero = Rise.Of(parts.Join(cell, 0, edges: 0)!);
        _sum = new Rise(cell.Node.Elements, 0, cell.Node.Elements);
        _output = parts.Output(cell) is { } output
            ? new Rise(output.Output.Elements, output.Output.Elements, output.Output.Elements)
            : null;
    }

    /// <summary>Bytes of 32-bit activations alive at the worst moment of the cell.</summary>
    /// <param name="choices">The operation of each edge.</param>
    public long BytesOf(ReadOnlySpan<byte> choices)
    {
        var most = _given.Length + _preprocess.Length + choices.Length + _definition.Nodes + 1;
        var walk = new Walk(
            stackalloc long[most], stackalloc int[most], stackalloc Rise[most], stackalloc int[most + 1],
            stackalloc int[_preprocess.Length + (2 * choices.Length) + (2 * _definition.Nodes)]);
        Span<int> values = stackalloc int[_givenOf.Length + _definition.Nodes];
        Span<int> summands = stackalloc int[values.Length];
        foreach (var elements in _given)
            walk.AddGiven(elements);
        for (var number = 0; number < _givenOf.Length; number++)
            values[number] = _preprocess.Length > 0 ? walk.Add(_preprocess[number], [_givenOf[number]]) : _givenOf[number];

        var edge = 0;
        for (var node = 0; node < _definition.Nodes; node++)
        {
            var count = 0;
            for (var source = 0; source < _givenOf.Length + node; source++, edge++)
            {
                if (_isEdge[choices[edge]])
                {
                    summands[count++] = _edges[edge][choices[edge]] is { } rise
                        ? walk.Add(rise, [values[source]])
                        : values[source];
                }
            }

            values[_givenOf.Length + node] = count switch
            {
                0 => walk.Add(_zero, values[..1]),
                1 => summands[0],
                _ => walk.Add(_sum, summands[..count]),
            };
        }

        walk.Keep(_output is { } output ? walk.Add(output, values[_givenOf.Length..]) : values[^1]);
        if (_outlives)
            walk.Keep(_givenOf[^1]);
        return sizeof(float) * walk.Peak();
    }

    /// <summary>What a block does to the memory that is alive, in elements.</summary>
    /// <param name="Kept">How far it rises while the block runs, if all that it reads is needed after it.</param>
    /// <param name="Dying">The same if something that it reads is not.</param>
    /// <param name="Output">What its output takes.</param>
    private readonly record struct Rise(long Kept, long Dying, long Output)
    {
        /// <summary>Of a block with one input.</summary>
        public static Rise Of(Block block)
        {
            var input = block.Inputs[0].Elements;
            var kept = PeakMemory.BytesOf(block.Inputs, [block], [[0]], [1, 0]);
            var dying = PeakMemory.BytesOf(block);
            return new Rise((kept / sizeof(float)) - input, (dying / sizeof(float)) - input, block.Output.Elements);
        }
    }

    // The blocks as they come, each with the values that it reads; value 0, 1, … are given, then each block adds one.
    private ref struct Walk(
        Span<long> elements, Span<int> lastReads, Span<Rise> rises, Span<int> firstReads, Span<int> reads)
    {
        private const int Never = -1;

        private readonly Span<long> _elements = elements;
        private readonly Span<int> _lastReads = lastReads;
        private readonly Span<Rise> _rises = rises;
        private readonly Span<int> _firstReads = firstReads;
        private readonly Span<int> _reads = reads;
        private int _given;
        private int _blocks;

        public void AddGiven(long elements)
        {
            (_elements[_given], _lastReads[_given]) = (elements, Never);
            _given++;
        }

        public int Add(Rise rise, scoped ReadOnlySpan<int> read)
        {
            var first = _firstReads[_blocks];
            read.CopyTo(_reads[first..]);
            foreach (var value in read)
                _lastReads[value] = _blocks;
            var output = _given + _blocks;
            (_elements[output], _lastReads[output]) = (rise.Output, Never);
            _rises[_blocks] = rise;
            _firstReads[++_blocks] = first + read.Length;
            return output;
        }

        public readonly void Keep(int value) => _lastReads[value] = int.MaxValue;

        public readonly long Peak()
        {
            var (alive, peak) = (0L, 0L);
            for (var value = 0; value < _given; value++)
                alive += _lastReads[value] == Never ? 0 : _elements[value];
            for (var block = 0; block < _blocks; block++)
            {
                var (dying, isAnyDying) = (0L, false);
                var read = _reads[_firstReads[block].._firstReads[block + 1]];
                for (var i = 0; i < read.Length; i++)
                {
                    if (_lastReads[read[i]] != block || read[..i].Contains(read[i]))
                        continue;
                    dying += _elements[read[i]];
                    isAnyDying = true;
                }

                var rise = _rises[block];
                peak = Math.Max(peak, alive + (isAnyDying ? rise.Dying : rise.Kept));
                alive += rise.Output - dying - (_lastReads[_given + block] == Never ? rise.Output : 0);
            }

            return peak;
        }
    }
}
