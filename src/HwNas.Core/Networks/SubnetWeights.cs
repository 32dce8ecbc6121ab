using System.Collections.Immutable;

namespace HwNas.Core.Networks;

/// <summary>One array of weights.</summary>
/// <param name="Shape">Its shape; convolutions [out, in / groups, kernel, kernel], the classifier [out, in], all else [channels].</param>
/// <param name="Values">The values, row-major.</param>
public sealed record WeightArray(ImmutableArray<int> Shape, float[] Values);

/// <summary>
/// The weights of one subnet by name: for each convolution <c>{layer}.{role}.weight</c>, where it has a bias
/// <c>….bias</c>, and where batch norm follows <c>….bn.weight</c>, <c>….bn.bias</c>, <c>….bn.mean</c> and
/// <c>….bn.variance</c> (calibrated). This is how the supernet hands a subnet to the ONNX writer.
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
        var expected = Names(plan).ToDictionary(n => n.Name, n => n.Shape);
        foreach (var (name, shape) in expected)
        {
            if (!arrays.TryGetValue(name, out var array))
                throw new ArgumentException($"The weight '{name}' is missing.", nameof(arrays));
            if (!array.Shape.SequenceEqual(shape) || array.Values.Length != shape.Aggregate(1, (product, side) => product * side))
                throw new ArgumentException($"The weight '{name}' has shape [{string.Join(',', array.Shape)}] and {array.Values.Length} values, not [{string.Join(',', shape)}].", nameof(arrays));
        }

        if (arrays.Keys.FirstOrDefault(name => !expected.ContainsKey(name)) is { } extra)
            throw new ArgumentException($"The weight '{extra}' does not belong to {plan.Architecture.Id}.", nameof(arrays));
    }

    /// <summary>The network that the weights belong to.</summary>
    public NetworkPlan Plan { get; }

    /// <summary>The weight of a name.</summary>
    public WeightArray this[string name] => _arrays[name];

    /// <summary>The names and shapes of all weights of a network, in order of execution.</summary>
    public static IEnumerable<(string Name, ImmutableArray<int> Shape)> Names(NetworkPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        foreach (var layer in plan.Layers)
        {
            foreach (var conv in layer.Convolutions)
            {
                var prefix = $"{layer.Name}.{conv.Role}";
                yield return ($"{prefix}.weight", conv.Role == "classifier"
                    ? [conv.OutChannels, conv.InChannels]
                    : [conv.OutChannels, conv.InChannels / conv.Groups, conv.Kernel, conv.Kernel]);
                if (conv.Bias)
                    yield return ($"{prefix}.bias", [conv.OutChannels]);
                if (!conv.BatchNorm)
                    continue;
                foreach (var part in new[] { "weight", "bias", "mean", "variance" })
                    yield return ($"{prefix}.bn.{part}", [conv.OutChannels]);
            }
        }
    }
}
