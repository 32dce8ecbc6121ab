using System.Collections.Immutable;

namespace HwNas.Core.Graphs;

/// <summary>One array of weights.</summary>
/// <param name="Shape">Its shape, that of its <see cref="WeightSpec"/>.</param>
/// <param name="Values">The values, row-major.</param>
public sealed record WeightArray(ImmutableArray<int> Shape, float[] Values);

/// <summary>
/// The weights of one subnet by name, <c>{block}.{node}.{part}</c>, with the calibrated statistics of batch norm. This is
/// how the supernet hands a subnet to the ONNX writer.
/// </summary>
public sealed class SubnetWeights
{
    private readonly IReadOnlyDictionary<string, WeightArray> _arrays;

    /// <summary>Checks that exactly the weights of <paramref name="plan"/> are there, in its shapes.</summary>
    /// <exception cref="ArgumentException">A weight is missing, superfluous or of another shape.</exception>
    public SubnetWeights(NetworkPlan plan, IReadOnlyDictionary<string, WeightArray> arrays)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(arrays);
        Plan = plan;
        _arrays = arrays;
        var expected = Names(plan).ToDictionary(n => n.Name, n => n.Spec);
        foreach (var (name, spec) in expected)
        {
            if (!arrays.TryGetValue(name, out var array))
                throw new ArgumentException($"The weight '{name}' is missing.", nameof(arrays));
            if (!array.Shape.SequenceEqual(spec.Shape) || array.Values.Length != spec.Elements)
            {
                throw new ArgumentException(
                    $"The weight '{name}' has shape [{string.Join(',', array.Shape)}] and {array.Values.Length} values, "
                    + $"not [{string.Join(',', spec.Shape)}].",
                    nameof(arrays));
            }
        }

        if (arrays.Keys.FirstOrDefault(name => !expected.ContainsKey(name)) is { } extra)
            throw new ArgumentException($"The weight '{extra}' does not belong to {plan.Id}.", nameof(arrays));
    }

    /// <summary>The network that the weights belong to.</summary>
    public NetworkPlan Plan { get; }

    /// <summary>The weight of a name.</summary>
    public WeightArray this[string name] => _arrays[name];

    /// <summary>The names and shapes of all weights of a network, in order of execution.</summary>
    public static IEnumerable<(string Name, WeightSpec Spec)> Names(NetworkPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return plan.Blocks.SelectMany(block => Names(block));
    }

    /// <summary>The names and shapes of all weights of a block, in order of execution.</summary>
    public static IEnumerable<(string Name, WeightSpec Spec)> Names(Block block)
    {
        ArgumentNullException.ThrowIfNull(block);
        return block.Nodes.SelectMany(node => node.Operation.Weights.Select(spec => (node.WeightName(spec.Part), spec)));
    }
}
