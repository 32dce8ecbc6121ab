using HwNas.Core.Graphs;
using static TorchSharp.torch;
using Scalar = TorchSharp.Scalar;

namespace HwNas.Supernet.Elastic;

/// <summary>
/// The slices of the shared weights that a subnet uses, as leaves of the graph with gradients of their own: nothing has to be
/// computed for the slicing itself, and subnets that train side by side do not meet.
/// </summary>
/// <param name="weights">The shared weights.</param>
internal sealed class SlicedWeights(SharedWeights weights) : IDisposable
{
    private static readonly Scalar One = 1;

    private readonly Dictionary<(string Path, Operation Operation), (Leaf Weight, Leaf? Bias)> _leaves = [];
    private readonly FlatTensors _gradients = weights.Flat.Zeros();
    private readonly List<Leaf> _copies = [];

    /// <summary>Begins a step: all gradients are zero.</summary>
    public void Begin()
    {
        using var scope = NewDisposeScope();
        _gradients.All.zero_();
        _copies.Clear();
    }

    /// <summary>The slices of a node's weight and bias, which belong to this object.</summary>
    public (Tensor Weight, Tensor? Bias) Of(Node node)
    {
        var key = (node.Path, node.Operation);
        if (!_leaves.TryGetValue(key, out var leaves))
            _leaves.Add(key, leaves = LeavesOf(node));
        return (Ready(leaves.Weight), leaves.Bias is { } bias ? Ready(bias) : null);
    }

    /// <summary>The gradients of all weights, in their order, after the backward pass.</summary>
    public Tensor Gradients()
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        foreach (var copy in _copies)
            copy.SharedGradient.add_(copy.Gradient, One);
        _copies.Clear();
        return _gradients.All;
    }

    public void Dispose()
    {
        foreach (var (weight, bias) in _leaves.Values)
        {
            weight.Dispose();
            bias?.Dispose();
        }

        _leaves.Clear();
        _gradients.Dispose();
    }

    private Tensor Ready(Leaf leaf)
    {
        if (!leaf.IsCopy)
            return leaf.Values;
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        leaf.Values.copy_(leaf.Shared);
        leaf.Gradient.zero_();
        _copies.Add(leaf);
        return leaf.Values;
    }

    private (Leaf Weight, Leaf? Bias) LeavesOf(Node node)
    {
        using var noGradient = no_grad();
        var (weight, bias) = weights.Slice(node, weights.Flat.Parts);
        var (weightGradient, biasGradient) = weights.Slice(node, _gradients.Parts);
        return (new Leaf(weight, weightGradient), bias is null ? null : new Leaf(bias, biasGradient!));
    }

    // A slice that lies in one piece is a view of the shared weight, and so is its gradient. Any other is a copy: autograd
    // wants gradients in one piece.
    private sealed class Leaf : IDisposable
    {
        public Leaf(Tensor shared, Tensor sharedGradient)
        {
            using var scope = NewDisposeScope();
            (Shared, SharedGradient) = (shared.alias().DetachFromDisposeScope(), sharedGradient.alias().DetachFromDisposeScope());
            IsCopy = !shared.is_contiguous();
            var (shape, device) = (shared.shape, shared.device);
            Gradient = IsCopy ? zeros(shape, device: device).DetachFromDisposeScope() : SharedGradient;
            Values = (IsCopy ? empty(shape, device: device) : shared.detach()).requires_grad_().DetachFromDisposeScope();
            Values.grad = Gradient;
        }

        public Tensor Shared { get; }

        public Tensor SharedGradient { get; }

        public bool IsCopy { get; }

        public Tensor Values { get; }

        public Tensor Gradient { get; }

        public void Dispose()
        {
            Values.Dispose();
            Gradient.Dispose();
            Shared.Dispose();
            SharedGradient.Dispose();
        }
    }
}
