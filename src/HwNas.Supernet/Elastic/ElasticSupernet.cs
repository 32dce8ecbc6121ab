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
    /// <exception cref="MissingDependencyException">libtorch cannot be loaded.</exception>
    public ElasticSupernet(ISearchSpace space, int seed, bool zeroGamma = true)
    {
        Libtorch.Require();
        Space = space;
        Weights = new SharedWeights(space, seed, zeroGamma);
    }

    /// <summary>Its search space.</summary>
    public ISearchSpace Space { get; }

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

    private static Tensor Run(Tensor x, Node node, (Tensor Weight, Tensor? Bias) slices) => node.Operation switch
    {
        BatchNorm => F.batch_norm(x, null!, null!, slices.Weight, slices.Bias!, training: true, eps: BatchNorm.Epsilon),
        Convolution convolution when DepthwiseConvolution.Replaces(convolution) =>
            DepthwiseConvolution.Run(x, slices.Weight, convolution.Kernel, convolution.Stride),
        _ => ForwardPass.Apply(x, node.Operation, slices.Weight, slices.Bias),
    };
}
