using System.Collections.Immutable;

namespace HwNas.Core.Graphs;

/// <summary>
/// Peak memory of activations by liveness: a value is alive from the node that makes it to the last one that reads it.
/// An element-wise operation writes into the memory of an input of the same size that nobody reads after it.
/// </summary>
internal static class PeakMemory
{
    /// <summary>Bytes of 32-bit floats that are alive at the worst moment of a network, for one image.</summary>
    public static long BytesOf(NetworkPlan plan) =>
        BytesOf([plan.Input], plan.Blocks, [.. plan.Wiring.Select(values => values.AsSpan().ToArray())], [plan.Blocks.Length]);

    /// <summary>The same of a part of a network.</summary>
    /// <param name="inputs">Shapes of what it reads from the rest: values 0, 1, ….</param>
    /// <param name="blocks">Its blocks, each of which adds a value.</param>
    /// <param name="wiring">For each block the values that it reads.</param>
    /// <param name="kept">Values that are needed after it.</param>
    public static long BytesOf(
        ImmutableArray<FeatureShape> inputs, IReadOnlyList<Block> blocks, IReadOnlyList<int[]> wiring, ReadOnlySpan<int> kept)
    {
        // Of each value between blocks: where it lies among all values.
        var places = new int[inputs.Length + blocks.Count];
        for (var input = 0; input < inputs.Length; input++)
            places[input] = input;
        var steps = new List<Step>();
        foreach (var (index, block) in blocks.Index())
        {
            var first = inputs.Length + steps.Count;
            foreach (var node in block.Nodes)
            {
                var read = new int[node.Inputs.Length];
                for (var i = 0; i < read.Length; i++)
                {
                    read[i] = node.Inputs[i] < block.Inputs.Length
                        ? places[wiring[index][node.Inputs[i]]]
                        : first + node.Inputs[i] - block.Inputs.Length;
                }

                steps.Add(new Step(node, read));
            }

            places[inputs.Length + index] = inputs.Length + steps.Count - 1;
        }

        var needed = new int[kept.Length];
        for (var i = 0; i < needed.Length; i++)
            needed[i] = places[kept[i]];
        return BytesOf(inputs, steps, needed);
    }

    /// <summary>The same of one block on its own.</summary>
    public static long BytesOf(Block block) =>
        BytesOf(block.Inputs, [block], [[.. Enumerable.Range(0, block.Inputs.Length)]], [block.Inputs.Length]);

    private static long BytesOf(ImmutableArray<FeatureShape> inputs, List<Step> steps, int[] needed)
    {
        const int Never = -1;
        var lastRead = new int[inputs.Length + steps.Count];
        Array.Fill(lastRead, Never);
        foreach (var (index, step) in steps.Index())
        {
            foreach (var value in step.Inputs)
                lastRead[value] = index;
        }

        foreach (var value in needed)
            lastRead[value] = steps.Count;
        var alive = inputs.Where((_, value) => lastRead[value] != Never).Sum(input => input.Elements);
        var peak = 0L;
        foreach (var (index, step) in steps.Index())
        {
            var elements = step.Node.Output.Elements;
            var (dying, takesOver) = (0L, false);
            for (var i = 0; i < step.Inputs.Length; i++)
            {
                if (lastRead[step.Inputs[i]] != index || Array.IndexOf(step.Inputs, step.Inputs[i]) != i)
                    continue;
                dying += ElementsOf(step.Inputs[i]);
                takesOver |= step.Node.Operation.IsElementwise && ElementsOf(step.Inputs[i]) == elements;
            }

            peak = Math.Max(peak, alive + (takesOver ? 0 : elements));
            alive += elements - dying - (lastRead[inputs.Length + index] == Never ? elements : 0);
        }

        return sizeof(float) * peak;

        long ElementsOf(int value) => (value < inputs.Length ? inputs[value] : steps[value - inputs.Length].Node.Output).Elements;
    }

    // A node, and the values that it reads: first the inputs of the whole walk, then the outputs of its steps.
    private readonly record struct Step(Node Node, int[] Inputs);
}
