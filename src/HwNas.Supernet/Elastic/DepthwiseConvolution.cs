using HwNas.Core.Graphs;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace HwNas.Supernet.Elastic;

/// <summary>
/// Depthwise convolution with gradients of its own, for kernels of 5×5 and larger: there the library's weight gradient takes
/// ten times as long as its forward pass, and longer.
/// </summary>
internal sealed class DepthwiseConvolution : autograd.SingleTensorFunction<DepthwiseConvolution>
{
    // The library has a fast weight gradient for 3×3.
    private const int SmallestKernel = 5;

    /// <inheritdoc/>
    public override string Name => nameof(DepthwiseConvolution);

    /// <summary>Whether this takes the place of the library's convolution.</summary>
    public static bool Replaces(Convolution convolution) =>
        convolution is { IsDepthwise: true, Kernel: >= SmallestKernel, Dilation: 1, Bias: false }
        && convolution.OutChannels == convolution.InChannels;

    /// <summary>
    /// Output [n, c, h / stride, w / stride] of channels-last maps [n, c, h, w] and weights [c, 1, k, k]; the padding is half
    /// of the kernel.
    /// </summary>
    public static Tensor Run(Tensor x, Tensor weight, int kernel, int stride) => apply(x, weight, kernel, stride);

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (x, weight) = ((Tensor)vars[0], (Tensor)vars[1]);
        var (kernel, stride) = ((int)vars[2], (int)vars[3]);
        ctx.save_for_backward([x, weight]);
        ctx.save_data("shape", (kernel, stride));
        return Convolve(x, weight, kernel, stride);
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        var saved = ctx.get_saved_variables();
        var (x, weight) = (saved[0], saved[1]);
        var (kernel, stride) = ((int, int))ctx.get_data("shape");
        var gradient = grad_output.stride(1) == 1 ? grad_output : ChannelsLast.Copy(grad_output);
        var inputGradient = InputGradient(x, weight, gradient, kernel, stride);
        var weightGradient = DepthwiseWeightGradient.Of(x, gradient, kernel, stride);
        ctx.Dispose();
        return BackwardMemory.Return(grad_output, [inputGradient, weightGradient, null!, null!]);
    }

    private static Tensor Convolve(Tensor x, Tensor weight, int kernel, int stride) =>
        F.conv2d(x, weight, null, [stride, stride], [kernel / 2, kernel / 2], [1, 1], weight.size(0));

    private static Tensor InputGradient(Tensor x, Tensor weight, Tensor gradient, int kernel, int stride)
    {
        // With stride 1 it is the convolution with the kernel turned by half a turn, which is faster than the transposed one.
        if (stride == 1)
            return Convolve(gradient, weight.flip(2, 3), kernel, stride);
        var padding = kernel / 2;
        return F.conv_transpose2d(
            gradient, weight, null, [stride, stride], [padding, padding], [Unread(2), Unread(3)], [1, 1], weight.size(0));

        // Rows or columns behind the last that the convolution reads.
        long Unread(int side) => x.size(side) + (2 * padding) - kernel - ((gradient.size(side) - 1) * stride);
    }
}
