namespace HwNas.Core.Networks;

/// <summary>
/// A part of a network whose cost depends on few genes: the stem, a stage, a block, or the head. Its costs lie in the
/// tables of <see cref="GenomeCostTable"/> from <see cref="Offset"/> on, one entry for each combination of the choices
/// on its six axes; axes with one choice have no gene.
/// </summary>
internal sealed class CostTerm
{
    public const int AxisCount = 6;

    private readonly int[] _strides = new int[AxisCount];

    /// <param name="offset">Its first entry.</param>
    /// <param name="axes">The axes in the order resolution, previous width, width, depth, kernel, expansion.</param>
    public CostTerm(int offset, CostAxis[] axes)
    {
        Offset = offset;
        Axes = axes;
        var stride = 1;
        for (var axis = AxisCount - 1; axis >= 0; axis--)
        {
            _strides[axis] = axes[axis].Choices.Length == 1 ? 0 : stride;
            stride = checked(stride * axes[axis].Choices.Length);
        }

        Entries = stride;
        Steps = [.. axes.Zip(_strides).Where(pair => pair.Second > 0).Select(pair => (pair.First.Gene, pair.Second))];
    }

    public int Offset { get; }

    public CostAxis[] Axes { get; }

    /// <summary>Number of entries.</summary>
    public int Entries { get; }

    /// <summary>For each axis with a gene: the gene, and by how many entries one choice moves.</summary>
    public (int Gene, int Stride)[] Steps { get; }

    /// <summary>The entry of a combination of choices, in the order of the axes; axes with one choice ignore theirs.</summary>
    public int EntryOf(ReadOnlySpan<int> choices)
    {
        var entry = Offset;
        for (var axis = 0; axis < AxisCount; axis++)
            entry += _strides[axis] * choices[axis];
        return entry;
    }

    /// <summary>The values on the axes at an entry.</summary>
    public void ValuesAt(int entry, Span<int> values)
    {
        var rest = entry - Offset;
        for (var axis = AxisCount - 1; axis >= 0; axis--)
        {
            var choices = Axes[axis].Choices;
            values[axis] = choices[rest % choices.Length];
            rest /= choices.Length;
        }
    }
}

/// <summary>One axis of a <see cref="CostTerm"/>.</summary>
/// <param name="Gene">The gene that chooses on it; −1 where there is one choice.</param>
/// <param name="Choices">The values.</param>
internal readonly record struct CostAxis(int Gene, int[] Choices);
