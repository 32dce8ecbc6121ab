using System.Collections.Concurrent;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace HwNas.Supernet.Elastic;

/// <summary>
/// Depthwise convolution of small maps with large kernels, with a weight gradient of its own. oneDNN has no fast kernel
/// for it: at 5×5 it takes twenty times as long as the forward pass, and a fifth of a whole sandwich step.
/// </summary>
/// <remarks>
/// Per channel, G = Σ over images of input · output-gradientᵀ has an entry for each pair of an input and an output
/// position; it is one small matrix product. Each weight's gradient is the sum of those entries whose positions it
/// connects: another product, with a matrix of zeros and ones. More multiplications than the plain sum where maps are
/// larger than kernels, but at the speed of matrix products.
/// </remarks>
internal sealed class DepthwiseConvolution : autograd.SingleTensorFunction<DepthwiseConvolution>
{
    // Up to here (6×6 maps at stride 1, 7×7 at stride 2) it is faster than oneDNN, by two to six times.
    private const long MostPositionPairs = 1296;

    private static readonly ConcurrentDictionary<(int Kernel, int Stride, int Side), Tensor> Connections = [];

    /// <inheritdoc/>
    public override string Name => nameof(DepthwiseConvolution);

    /// <summary>Whether this takes the place of the library's convolution.</summary>
    /// <param name="kernel">Side of the kernel.</param>
    /// <param name="stride">Stride; the padding is half of the kernel.</param>
    /// <param name="side">Side of the square input maps.</param>
    public static bool Pays(int kernel, int stride, int side)
    {
        var outputSide = OutputSide(stride, side);
        return kernel >= 5 && (long)side * side * outputSide * outputSide <= MostPositionPairs;
    }

    /// <summary>
    /// Output [n, c, h / stride, w / stride] of square channels-last maps [n, c, h, w] and weights [c, 1, k, k].
    /// </summary>
    public static Tensor Run(Tensor x, Tensor weight, int kernel, int stride, int side) => apply(x, weight, kernel, stride, side);

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (x, weight) = ((Tensor)vars[0], (Tensor)vars[1]);
        var (kernel, stride) = ((int)vars[2], (int)vars[3]);
        ctx.save_for_backward([x, weight]);
        ctx.save_data("shape", (kernel, stride, (int)vars[4]));
        return F.conv2d(x, weight, null, [stride, stride], [kernel / 2, kernel / 2], [1, 1], weight.size(0));
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        var saved = ctx.get_saved_variables();
        var (x, weight) = (saved[0], saved[1]);
        var (kernel, stride, side) = ((int, int, int))ctx.get_data("shape");
        var gradient = grad_output.stride(1) == 1 ? grad_output : ChannelsLast.Copy(grad_output);
        long padding = kernel / 2, lost = side + (2 * padding) - kernel - ((OutputSide(stride, side) - 1) * stride);
        var inputGradient = F.conv_transpose2d(
            gradient, weight, null, [stride, stride], [padding, padding], [lost, lost], [1, 1], weight.size(0));
        var weightGradient = WeightGradient(x, gradient, kernel, stride, side);
        ctx.Dispose();
        return BackwardMemory.Return(grad_output, [inputGradient, weightGradient, null!, null!, null!]);
    }

    /// <summary>The weight gradient [c, 1, k, k].</summary>
    internal static Tensor WeightGradient(Tensor x, Tensor outputGradient, int kernel, int stride, int side)
    {
        var (images, channels) = (x.size(0), x.size(1));
        var outputSide = OutputSide(stride, side);
        var pairs = ChannelsFirst(x, images, channels, side)
            .transpose(1, 2)
            .bmm(ChannelsFirst(outputGradient, images, channels, outputSide));
        return pairs.reshape(channels, -1)
            .mm(Connections.GetOrAdd((kernel, stride, side), Connect))
            .reshape(channels, 1, kernel, kernel);
    }

    // [c, n, h · w] of channels-last [n, c, h, w].
    private static Tensor ChannelsFirst(Tensor x, long images, long channels, int side) =>
        x.permute(0, 2, 3, 1).reshape(images * side * side, channels).t().contiguous().reshape(channels, images, side * side);

    // [input positions · output positions, weights]: 1 where the weight connects the two.
    private static Tensor Connect((int Kernel, int Stride, int Side) shape)
    {
        var (kernel, stride, side) = shape;
        var outputSide = OutputSide(stride, side);
        var connects = new float[side * side * outputSide * outputSide * kernel * kernel];
        for (var output = 0; output < outputSide * outputSide; output++)
        {
            for (var weight = 0; weight < kernel * kernel; weight++)
            {
                var (y, x) = (
                    (output / outputSide * stride) + (weight / kernel) - (kernel / 2),
                    (output % outputSide * stride) + (weight % kernel) - (kernel / 2));
                if (y >= 0 && y < side && x >= 0 && x < side)
                    connects[(((((y * side) + x) * outputSide * outputSide) + output) * kernel * kernel) + weight] = 1;
            }
        }

        return tensor(connects, [side * side * outputSide * outputSide, kernel * kernel]).DetachFromDisposeScope();
    }

    private static int OutputSide(int stride, int side) => (side + stride - 1) / stride;
}
