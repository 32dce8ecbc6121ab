using HwNas.Core.Graphs;
using static TorchSharp.torch;

namespace HwNas.Supernet.Elastic;

/// <summary>
/// The slices of the shared weights that subnets use, as leaves of the graph: autograd adds straight into the same slices of
/// the gradients. So nothing has to be computed for the slices themselves, and subnets that train side by side, each with
/// gradients of its own, do not meet.
/// </summary>
/// <param name="weights">The shared weights.</param>
internal sealed class SlicedWeights(SharedWeights weights) : IDisposable
{
    private readonly Dictionary<(string Path, Operation Operation), (Tensor Weight, Tensor? Bias)> _slices = [];

    /// <summary>The gradients of all weights, in their order.</summary>
    public FlatTensors Gradients { get; } = weights.Flat.Zeros();

    /// <summary>The slices of a node's weight and bias, which belong to this object.</summary>
    public (Tensor Weight, Tensor? Bias) Of(Node node)
    {
        var key = (node.Path, node.Operation);
        if (!_slices.TryGetValue(key, out var slices))
            _slices.Add(key, slices = Cut(node));
        return slices;
    }

    public void Dispose()
    {
        foreach (var (weight, bias) in _slices.Values)
        {
            weight.Dispose();
            bias?.Dispose();
        }

        _slices.Clear();
        Gradients.Dispose();
    }

    private (Tensor Weight, Tensor? Bias) Cut(Node node)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var (weight, bias) = weights.Slice(node, weights.Flat);
        var (weightGradient, biasGradient) = weights.Slice(node, Gradients);
        return (Leaf(weight, weightGradient), bias is null ? null : Leaf(bias, biasGradient!));
    }

    private static Tensor Leaf(Tensor values, Tensor gradient)
    {
        var leaf = values.detach().requires_grad_().DetachFromDisposeScope();
        leaf.grad = gradient;
        return leaf;
    }
}
