using HwNas.Core;
using HwNas.Core.Graphs;
using HwNas.Core.Spaces;
using HwNas.Supernet.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace HwNas.Supernet.Elastic;

/// <summary>
/// The once-for-all supernet (BigNAS, Yu et al. 2020, section 3). The active subnet is an argument, not hidden state.
/// While training, batch norm uses the batch's statistics and accumulates nothing, so the shared weights cannot be
/// evaluated: that takes a <see cref="Evaluation.CalibratedSubnet"/>.
/// </summary>
public sealed class ElasticSupernet : IDisposable
{
    private readonly SharedWeights _weights;

    /// <summary>Creates a supernet with freshly initialised weights.</summary>
    /// <param name="space">Its search space.</param>
    /// <param name="seed">Decides the weights.</param>
    /// <exception cref="MissingDependencyException">libtorch cannot be loaded.</exception>
    public ElasticSupernet(SearchSpace space, int seed)
    {
        Libtorch.Require();
        Space = space;
        _weights = new SharedWeights(space, seed);
    }

    /// <summary>Its search space.</summary>
    public SearchSpace Space { get; }

    /// <summary>The shared parameters by name.</summary>
    public IReadOnlyDictionary<string, Parameter> Parameters => _weights.Parameters;

    internal SharedWeights Weights => _weights;

    /// <summary>Logits [n, classes] of the subnet <paramref name="plan"/>, with gradients and the batch's own statistics.</summary>
    /// <param name="images">Channels-last images [n, channels, resolution, resolution], at the plan's resolution.</param>
    /// <param name="plan">The active subnet, an architecture of <see cref="Space"/>.</param>
    /// <param name="dropout">Probability of dropout before the classifier.</param>
    public Tensor Forward(Tensor images, NetworkPlan plan, double dropout = 0)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return ForwardPass.Run(plan, images, RunShared, dropout > 0 ? x => F.dropout(x, dropout) : null);
    }

    /// <inheritdoc/>
    public void Dispose() => _weights.Dispose();

    /// <summary>The convolution with shared, sliced weights, before batch norm and activation.</summary>
    internal Tensor Convolve(Tensor x, string layer, ConvSpec conv)
    {
        var weight = _weights.Weight(layer, conv);
        var bias = conv.Bias ? _weights.Vector(layer, conv, "bias") : null;
        return conv.Role == "classifier"
            ? F.linear(x, weight, bias)
            : F.conv2d(x, weight, bias, [conv.Stride, conv.Stride], [conv.Kernel / 2, conv.Kernel / 2], [1, 1], conv.Groups);
    }

    private Tensor RunShared(Tensor x, string layer, ConvSpec conv)
    {
        var y = IsSlowDepthwise(x, conv, out var side)
            ? DepthwiseConvolution.Run(x, _weights.Weight(layer, conv), conv.Kernel, conv.Stride, side)
            : Convolve(x, layer, conv);
        if (conv.BatchNorm)
        {
            y = F.batch_norm(
                y, null!, null!, _weights.Vector(layer, conv, "bn.weight"), _weights.Vector(layer, conv, "bn.bias"),
                training: true, eps: NetworkPlan.BatchNormEpsilon);
        }

        // In place after batch norm, whose backward does not need its output.
        return Activations.Apply(y, conv.Activation, inplace: conv.BatchNorm && conv.Activation == Activation.Relu);
    }

    private static bool IsSlowDepthwise(Tensor x, ConvSpec conv, out int side)
    {
        side = 0;
        if (conv.Groups != conv.InChannels || conv.Kernel < 5 || conv.Bias || conv.OutHeight != conv.OutWidth)
            return false;
        var shape = x.shape;
        side = (int)shape[2];
        return shape[2] == shape[3] && DepthwiseConvolution.Pays(conv.Kernel, conv.Stride, side);
    }
}
