using System.Diagnostics.CodeAnalysis;
using HwNas.Core;
using HwNas.Core.Graphs;
using HwNas.Core.Spaces;
using HwNas.Supernet.Torch;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;
using Parameter = TorchSharp.Modules.Parameter;

namespace HwNas.Supernet.Elastic;

/// <summary>
/// The once-for-all supernet (BigNAS, Yu et al. 2020, section 3). The active subnet is an argument, not hidden state.
/// While training, batch norm uses the batch's statistics and accumulates nothing, so the shared weights cannot be
/// evaluated: that takes a <see cref="Evaluation.CalibratedSubnet"/>.
/// </summary>
public sealed class ElasticSupernet : IDisposable
{
    /// <summary>Creates a supernet with freshly initialised weights.</summary>
    /// <param name="space">Its search space.</param>
    /// <param name="seed">Decides the weights.</param>
    /// <param name="zeroGamma">Whether the last batch norm of each residual block starts at 0.</param>
    /// <param name="device">Where it lies, and all that is made of it; null for the CPU.</param>
    /// <exception cref="MissingDependencyException">libtorch cannot be loaded.</exception>
    public ElasticSupernet(ISearchSpace space, int seed, bool zeroGamma = true, TorchDevice? device = null)
    {
        Libtorch.Require();
        (Space, Device) = (space, device ?? TorchDevice.Cpu);
        Weights = new SharedWeights(space, seed, zeroGamma, Device);
    }

    /// <summary>Its search space.</summary>
    public ISearchSpace Space { get; }

    /// <summary>Where it lies.</summary>
    public TorchDevice Device { get; }

    /// <summary>The shared parameters by name.</summary>
    public IReadOnlyDictionary<string, Parameter> Parameters => Weights.Parameters;

    internal SharedWeights Weights { get; }

    /// <summary>
    /// Logits [n, classes] of the subnet <paramref name="plan"/>, with gradients and the batch's own statistics.
    /// </summary>
    /// <param name="images">Channels-last images [n, channels, resolution, resolution], at the plan's resolution.</param>
    /// <param name="plan">The active subnet, an architecture of <see cref="Space"/>.</param>
    public Tensor Forward(Tensor images, NetworkPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return Forward(images, plan, Weights.Slice);
    }

    /// <summary>Takes on the weights of another supernet of the same space.</summary>
    /// <returns>The nodes whose weights stay as they are: none.</returns>
    public IReadOnlyList<string> Inherit(ElasticSupernet from)
    {
        ArgumentNullException.ThrowIfNull(from);
        if (from.Space.Hash != Space.Hash)
            throw new ArgumentException($"It is of the space '{from.Space.Name}', not '{Space.Name}'.", nameof(from));
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Weights.Flat.All.copy_(from.Weights.Flat.All);
        return [];
    }

    /// <summary>Takes on the weights of a subnet of another supernet, as the only network of this one.</summary>
    /// <param name="from">The other supernet.</param>
    /// <param name="plan">The same network there, perhaps of other images or classes.</param>
    /// <returns>The nodes whose weights stay as they are, since they are of other shapes.</returns>
    public IReadOnlyList<string> Inherit(ElasticSupernet from, NetworkPlan plan)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(plan);
        using var noGradient = no_grad();
        var theirs = plan.Blocks.SelectMany(block => block.Nodes).ToDictionary(node => node.Path);
        var fresh = new List<string>();
        foreach (var node in Space.PlanOf(Space.Largest).Blocks.SelectMany(block => block.Nodes)
            .Where(node => node.Operation.Params > 0))
        {
            if (!theirs.TryGetValue(node.Path, out var their) || their.Operation != node.Operation)
            {
                fresh.Add(node.Path);
                continue;
            }

            using var scope = NewDisposeScope();
            var ((weight, bias), (theirWeight, theirBias)) = (Weights.Slice(node), from.Weights.Slice(their));
            weight.copy_(theirWeight);
            bias?.copy_(theirBias!);
        }

        return fresh;
    }

    /// <summary>The first parameter that holds NaN or infinity; null where all are numbers.</summary>
    internal string? FirstNotFinite()
    {
        using var noGradient = no_grad();
        foreach (var (name, parameter) in Parameters)
        {
            using var scope = NewDisposeScope();
            if (!parameter.isfinite().all().item<bool>())
                return name;
        }

        return null;
    }

    /// <inheritdoc/>
    public void Dispose() => Weights.Dispose();

    /// <summary>As the public one, with slices of the weights that are given, and with what is left out.</summary>
    internal static Tensor Forward(
        Tensor images, NetworkPlan plan, Func<Node, (Tensor Weight, Tensor? Bias)> slices,
        Dropping? dropping = null) =>
        ForwardPass.Run(plan, images, (x, node) => Run(x, node, slices(node)), dropping);

    /// <summary>One node that has weights, while training.</summary>
    internal static Tensor Run(Tensor x, Node node, (Tensor Weight, Tensor? Bias) slices) => node.Operation switch
    {
        BatchNorm => F.batch_norm(x, null!, null!, slices.Weight, slices.Bias!, training: true, eps: BatchNorm.Epsilon),
        Convolution convolution when DepthwiseConvolution.Replaces(convolution) && CheckedConvolution.IsFor(x) =>
            DepthwiseConvolution.Run(x, slices.Weight, convolution.Kernel, convolution.Stride),
        _ => ForwardPass.Apply(x, node.Operation, AsPreciseAs(x, slices.Weight), AsPreciseAs(x, slices.Bias)),
    };

    // The precision of images goes through the whole network; weights keep theirs.
    [return: NotNullIfNotNull(nameof(weight))]
    private static Tensor? AsPreciseAs(Tensor x, Tensor? weight) =>
        weight is null || weight.dtype == x.dtype ? weight : weight.to(x.dtype);
}
