using System.Collections.Concurrent;
using HwNas.Core.Graphs;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace HwNas.Supernet.Elastic;

/// <summary>
/// The library's convolution, except where oneDNN (in libtorch 2.10) computes something else without a word: those are computed
/// in another way. docs/decisions/0016-checked-convolutions.md lists what was seen.
/// </summary>
internal static class CheckedConvolution
{
    private static readonly ConcurrentDictionary<Pointwise, bool> IsRight = [];

    private static readonly ConcurrentDictionary<(int Kernel, int Dilation), Tensor> Spreads = [];

    /// <summary>Output [n, out, h / stride, w / stride] of channels-last maps [n, in, h, w].</summary>
    /// <param name="x">The maps.</param>
    /// <param name="convolution">Kernel, stride, padding, dilation and groups.</param>
    /// <param name="weight">[out, in / groups, k, k].</param>
    /// <param name="bias">[out], or null.</param>
    public static Tensor Run(Tensor x, Convolution convolution, Tensor weight, Tensor? bias)
    {
        if (!IsFor(x))
            return Plain(x, convolution, weight, bias);
        var (stride, dilation) = (convolution.Stride, convolution.Dilation);
        if (convolution.Kernel == 1 && stride > 1)
        {
            // The weight gradient of strided 1×1 convolutions writes beyond its memory where channels do not fill a vector: the
            // pixels that they read are picked first.
            (x, stride) = (F.avg_pool2d(x, 1, stride), 1);
        }

        if (convolution is { Kernel: 1, Groups: 1 })
        {
            // Some shapes come out with the values of other channels. Which ones depends on the processor, so each is tried once.
            var shape = new Pointwise(
                x.size(0), x.size(2), x.size(3), convolution.InChannels, convolution.OutChannels, get_num_threads());
            return IsRight.GetOrAdd(shape, Try) ? F.conv2d(x, weight, bias) : AsProduct(x, weight, bias);
        }

        if (dilation > 1 && convolution.IsDepthwise && is_grad_enabled())
        {
            // The input gradient of dilated depthwise convolutions is wrong with stride 1, in every shape.
            (weight, dilation) = (Spread(weight, convolution.Kernel, dilation), 1);
        }

        return Convolve(x, weight, bias, stride, convolution.Padding, dilation, convolution.Groups);
    }

    /// <summary>Whether oneDNN computes with these maps: on the CPU, in single precision.</summary>
    public static bool IsFor(Tensor x) => x.device_type == DeviceType.CPU && x.dtype == ScalarType.Float32;

    /// <summary>The library's convolution as it is.</summary>
    internal static Tensor Plain(Tensor x, Convolution convolution, Tensor weight, Tensor? bias) =>
        Convolve(x, weight, bias, convolution.Stride, convolution.Padding, convolution.Dilation, convolution.Groups);

    private static Tensor Convolve(
        Tensor x, Tensor weight, Tensor? bias, int stride, int padding, int dilation, int groups) =>
        F.conv2d(x, weight, bias, [stride, stride], [padding, padding], [dilation, dilation], groups);

    // A 1×1 convolution is one product of matrices, [pixels, in] · [in, out].
    private static Tensor AsProduct(Tensor x, Tensor weight, Tensor? bias) =>
        F.linear(x.permute(0, 2, 3, 1), weight.flatten(1), bias).permute(0, 3, 1, 2);

    private static bool Try(Pointwise shape)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var (pixels, channels) = (shape.Height * shape.Width, shape.InChannels);
        var x = empty_strided(
            [shape.Images, channels, shape.Height, shape.Width], [pixels * channels, 1, shape.Width * channels, channels])
            .uniform_(-1, 1, generator);
        var weight = empty([shape.OutChannels, channels, 1, 1]).uniform_(-1, 1, generator);
        return F.conv2d(x, weight).allclose(AsProduct(x, weight, bias: null), rtol: 1e-3, atol: 1e-3 * Math.Sqrt(channels));
    }

    // A dilated kernel is a larger one with zeros in between: [c, 1, k, k] times a matrix of zeros and ones.
    private static Tensor Spread(Tensor weight, int kernel, int dilation)
    {
        var side = ((kernel - 1) * dilation) + 1;
        return weight.flatten(1).mm(Spreads.GetOrAdd((kernel, dilation), Places)).reshape(weight.size(0), 1, side, side);
    }

    private static Tensor Places((int Kernel, int Dilation) shape)
    {
        var (kernel, side) = (shape.Kernel, ((shape.Kernel - 1) * shape.Dilation) + 1);
        var places = new float[kernel * kernel * side * side];
        for (var weight = 0; weight < kernel * kernel; weight++)
        {
            var (row, column) = (weight / kernel * shape.Dilation, weight % kernel * shape.Dilation);
            places[(((weight * side) + row) * side) + column] = 1;
        }

        return tensor(places, [kernel * kernel, side * side]).DetachFromDisposeScope();
    }

    private readonly record struct Pointwise(
        long Images, long Height, long Width, long InChannels, long OutChannels, int Threads);
}
