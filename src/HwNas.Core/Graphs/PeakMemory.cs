using System.Collections.Immutable;

namespace HwNas.Core.Graphs;

/// <summary>
/// Peak memory of activations by liveness: a value is alive from the node that makes it to the last one that reads it.
/// An element-wise operation writes into the memory of an input of the same size that nobody reads after it.
/// </summary>
internal static class PeakMemory
{
    /// <summary>Bytes of 32-bit floats that are alive at the worst moment of a network, for one image.</summary>
    public static long BytesOf(NetworkPlan plan)
    {
        // Of each block's output: where it lies among all values of the network.
        var outputs = new int[plan.Blocks.Length + 1];
        var steps = new List<Step>();
        foreach (var (index, block) in plan.Blocks.Index())
        {
            var first = steps.Count;
            steps.AddRange(block.Nodes.Select(node => new Step(
                node, [.. node.Inputs.Select(value => value < block.Inputs.Length ? outputs[plan.Wiring[index][value]] : first + value - block.Inputs.Length + 1)])));
            outputs[index + 1] = steps.Count;
        }

        return BytesOf([plan.Input], steps);
    }

    /// <summary>The same of one block on its own.</summary>
    public static long BytesOf(Block block) => BytesOf(block.Inputs, [.. block.Nodes.Select(node => new Step(node, node.Inputs))]);

    private static long BytesOf(ImmutableArray<FeatureShape> inputs, List<Step> steps)
    {
        const int Never = -1;
        var lastRead = new int[inputs.Length + steps.Count];
        Array.Fill(lastRead, Never);
        foreach (var (index, step) in steps.Index())
        {
            foreach (var value in step.Inputs)
                lastRead[value] = index;
        }

        lastRead[^1] = steps.Count;
        var alive = inputs.Where((_, value) => lastRead[value] != Never).Sum(input => input.Elements);
        var peak = 0L;
        foreach (var (index, step) in steps.Index())
        {
            var dying = step.Inputs.Distinct().Where(value => lastRead[value] == index).Select(ElementsOf).ToList();
            var elements = step.Node.Output.Elements;
            var takesOver = step.Node.Operation.IsElementwise && dying.Contains(elements);
            peak = Math.Max(peak, alive + (takesOver ? 0 : elements));
            alive += elements - dying.Sum() - (lastRead[inputs.Length + index] == Never ? elements : 0);
        }

        return sizeof(float) * peak;

        long ElementsOf(int value) => (value < inputs.Length ? inputs[value] : steps[value - inputs.Length].Node.Output).Elements;
    }

    // A node, and the values that it reads: first the inputs of the whole walk, then the outputs of its steps.
    private readonly record struct Step(Node Node, ImmutableArray<int> Inputs);
}
