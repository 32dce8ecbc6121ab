using HwNas.Core.Graphs;
using TorchSharp;
using F = TorchSharp.torch.nn.functional;

namespace HwNas.Supernet.Elastic;

/// <summary>The activation functions of <see cref="Activation"/> on tensors.</summary>
internal static class Activations
{
    public static torch.Tensor Apply(torch.Tensor x, Activation activation, bool inplace) => activation switch
    {
        Activation.None => x,
        Activation.Relu => F.relu(x, inplace),
        Activation.Swish => F.silu(x, inplace),
        Activation.HardSwish => F.hardswish(x, inplace),
        Activation.Sigmoid => F.sigmoid(x),
        Activation.HardSigmoid => F.hardsigmoid(x, inplace),
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, null),
    };
}
