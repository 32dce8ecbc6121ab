using HwNas.Core.Graphs;
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
    [InlineData(5, 1, 1, 1)]
    [InlineData(5, 1, 2, 3)]
    [InlineData(5, 1, 4, 4)]
    [InlineData(5, 1, 14, 14)]
    [InlineData(5, 2, 4, 4)]
    [InlineData(5, 2, 5, 8)]
    [InlineData(5, 2, 14, 13)]
    [InlineData(7, 1, 5, 9)]
    [InlineData(7, 2, 6, 6)]
    public void Values_and_gradients_are_those_of_the_plain_convolution(int kernel, int stride, int height, int width)
    {
        // Whole blocks of channels, and a rest.
        const int images = 3, channels = 41;
        using var scope = NewDisposeScope();
        using var generator = new Generator(7);
        var data = empty([images, channels, height, width]).normal_(0, 1, generator);
        // A slice of a larger shared weight, as subnets take them.
        var shared = empty([channels + 4, 1, kernel, kernel]).normal_(0, 1, generator);
        var pull = empty([images, channels, (height + stride - 1) / stride, (width + stride - 1) / stride])
            .normal_(0, 1, generator);

        (float[] Output, float[] Input, float[] Weight) Run(Func<Tensor, Tensor, Tensor> convolve)
        {
            var (x, w) = (ChannelsLast.Copy(data).requires_grad_(), shared.clone().requires_grad_());
            var y = convolve(x, w.narrow(0, 0, channels));
            (y * pull).sum().backward();
            return (Values(y), Values(x.grad!), Values(w.grad!));
        }

        var own = Run((x, w) => DepthwiseConvolution.Run(x, w, kernel, stride));
        var plain = Run((x, w) => F.conv2d(x, w, null, [stride, stride], [kernel / 2, kernel / 2], [1, 1], channels));
        Near(plain.Output, own.Output);
        Near(plain.Input, own.Input);
        Near(plain.Weight, own.Weight);
    }

    [Fact]
    public void The_weight_gradient_does_not_depend_on_the_number_of_threads()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(8);
        var (x, pull) = (Maps(), Maps());
        var threads = get_num_threads();
        set_num_threads(1);
        var one = Values(DepthwiseWeightGradient.Of(x, pull, kernel: 5, stride: 1));
        set_num_threads(3);
        var three = Values(DepthwiseWeightGradient.Of(x, pull, kernel: 5, stride: 1));
        set_num_threads(threads);
        Assert.Equal(one, three);

        Tensor Maps() => ChannelsLast.Copy(empty([4, 100, 6, 6]).normal_(0, 1, generator));
    }

    [Theory]
    [InlineData(3, 1, false, false)]
    [InlineData(5, 2, false, false)]
    [InlineData(5, 1, true, false)]
    [InlineData(5, 1, false, true)]
    public void What_the_library_computes_fast_or_alone_stays_with_it(int kernel, int dilation, bool hasBias, bool twice)
    {
        var convolution = new Convolution(8, twice ? 16 : 8, kernel, Dilation: dilation, Groups: 8, Bias: hasBias);
        Assert.False(DepthwiseConvolution.Replaces(convolution));
        Assert.True(DepthwiseConvolution.Replaces(new Convolution(8, 8, 5, Groups: 8)));
    }

    private static float[] Values(Tensor tensor) => tensor.contiguous().data<float>().ToArray();

    private static void Near(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 1e-4f * Math.Max(1, Math.Abs(expected[i])));
    }
}
