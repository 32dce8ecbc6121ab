using HwNas.Supernet.Elastic;
using HwNas.Supernet.Torch;
using static global::TorchSharp.torch;
using F = global::TorchSharp.torch.nn.functional;

namespace HwNas.Native.Tests.Supernet;

/// <summary>The depthwise convolution with a weight gradient of its own, against the library's.</summary>
public sealed class DepthwiseConvolutionTests
{
    public DepthwiseConvolutionTests() => Libtorch.Require();

    [Theory]
    [InlineData(5, 1, 1)]
    [InlineData(5, 1, 2)]
    [InlineData(5, 1, 3)]
    [InlineData(5, 1, 4)]
    [InlineData(5, 1, 6)]
    [InlineData(5, 2, 4)]
    [InlineData(5, 2, 5)]
    [InlineData(5, 2, 7)]
    [InlineData(7, 1, 5)]
    [InlineData(7, 2, 6)]
    public void Values_and_gradients_are_those_of_the_plain_convolution(int kernel, int stride, int side)
    {
        const int images = 3, channels = 8;
        Assert.True(DepthwiseConvolution.Pays(kernel, stride, side));
        using var scope = NewDisposeScope();
        using var generator = new Generator(7);
        var data = empty([images, channels, side, side]).normal_(0, 1, generator);
        // A slice of a larger shared weight, as subnets take them.
        var shared = empty([channels + 4, 1, kernel, kernel]).normal_(0, 1, generator);
        var pull = empty([images, channels, (side + stride - 1) / stride, (side + stride - 1) / stride]).normal_(0, 1, generator);

        (float[] Output, float[] Input, float[] Weight) Run(Func<Tensor, Tensor, Tensor> convolve)
        {
            var (x, w) = (ChannelsLast.Copy(data).requires_grad_(), shared.clone().requires_grad_());
            var y = convolve(x, w.narrow(0, 0, channels));
            (y * pull).sum().backward();
            return (Values(y), Values(x.grad!), Values(w.grad!));
        }

        var own = Run((x, w) => DepthwiseConvolution.Run(x, w, kernel, stride, side));
        var plain = Run((x, w) => F.conv2d(x, w, null, [stride, stride], [kernel / 2, kernel / 2], [1, 1], channels));
        Near(plain.Output, own.Output);
        Near(plain.Input, own.Input);
        Near(plain.Weight, own.Weight);
    }

    [Theory]
    [InlineData(3, 1, 4)]
    [InlineData(5, 1, 7)]
    [InlineData(5, 2, 14)]
    public void Where_the_library_is_faster_it_stays(int kernel, int stride, int side) =>
        Assert.False(DepthwiseConvolution.Pays(kernel, stride, side));

    private static float[] Values(Tensor tensor) => tensor.contiguous().data<float>().ToArray();

    private static void Near(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 1e-4f * Math.Max(1, Math.Abs(expected[i])));
    }
}
