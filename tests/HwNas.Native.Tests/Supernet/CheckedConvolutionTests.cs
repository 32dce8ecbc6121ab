using HwNas.Core.Graphs;
using HwNas.Core.Spaces;
using HwNas.Supernet.Elastic;
using HwNas.Supernet.Torch;
using static global::TorchSharp.torch;
using F = global::TorchSharp.torch.nn.functional;

namespace HwNas.Native.Tests.Supernet;

/// <summary>Convolutions as the supernet runs them, against double precision, which oneDNN has no part in.</summary>
public sealed class CheckedConvolutionTests
{
    private const int Images = 64;

    public CheckedConvolutionTests() => Libtorch.Require();

    [Theory]
    [InlineData("fashion-mnist")]
    [InlineData("cifar-32")]
    [InlineData("nas-bench-201")]
    [InlineData("bignas")]
    public void Values_and_gradients_of_a_space_are_those_of_double_precision(string name)
    {
        var tried = 0;
        foreach (var (convolution, input) in Convolutions(SearchSpace.Load(name)))
        {
            Check(convolution, input.Height);
            tried++;
        }

        Assert.InRange(tried, 1, 2000);
    }

    // Where oneDNN of libtorch 2.10 is wrong on some processors.
    [Theory]
    [InlineData(16, 40)]
    [InlineData(48, 72)]
    [InlineData(48, 80)]
    [InlineData(24, 104)]
    [InlineData(64, 112)]
    [InlineData(32, 176)]
    public void Pointwise_convolutions_are_right_in_all_channels(int from, int to) =>
        Check(new Convolution(from, to, 1, 1), 3);

    [Theory]
    [InlineData(3, 1)]
    [InlineData(3, 2)]
    [InlineData(5, 1)]
    [InlineData(5, 2)]
    public void Dilated_depthwise_convolutions_have_the_right_gradients(int kernel, int stride) =>
        Check(new Convolution(16, 16, kernel, stride, Groups: 16, Dilation: 2), 8);

    private static IEnumerable<(Convolution Convolution, FeatureShape Input)> Convolutions(ISearchSpace space) =>
        space.Blocks()
            .SelectMany(block => block.Nodes.Select(node => (node.Operation as Convolution, block.ShapeOf(node.Inputs[0]))))
            .Where(pair => pair.Item1 is not null
                && pair.Item2.Height <= 8
                && pair.Item1.InChannels * pair.Item1.OutChannels < 20_000)
            .Select(pair => (pair.Item1!, pair.Item2))
            .Distinct();

    private static void Check(Convolution convolution, int side)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        var (groups, padding) = (convolution.Groups, convolution.Padding);
        var x = ChannelsLast.Copy(empty([Images, convolution.InChannels, side, side]).normal_(0, 1, generator)).requires_grad_();
        var weight = empty([convolution.OutChannels, convolution.ChannelsPerGroup, convolution.Kernel, convolution.Kernel])
            .normal_(0, 1, generator).requires_grad_();
        var (x64, weight64) = (
            x.detach().to_type(ScalarType.Float64).requires_grad_(),
            weight.detach().to_type(ScalarType.Float64).requires_grad_());
        var (stride, dilation) = (convolution.Stride, convolution.Dilation);

        var y = CheckedConvolution.Run(x, convolution, weight, bias: null);
        var y64 = convolution is { Kernel: 1, Stride: 1, Groups: 1 }
            ? x64.permute(0, 2, 3, 1).matmul(weight64.flatten(1).t()).permute(0, 3, 1, 2)
            : F.conv2d(x64, weight64, null, [stride, stride], [padding, padding], [dilation, dilation], groups);
        var pull = ChannelsLast.Copy(empty(y.shape).normal_(0, 1, generator));
        y.backward([pull]);
        y64.backward([pull.to_type(ScalarType.Float64)]);

        var terms = Math.Max(convolution.ChannelsPerGroup * convolution.Kernel * convolution.Kernel, Images * side * side);
        Near("values", y64, y);
        Near("input gradient", x64.grad!, x.grad!);
        Near("weight gradient", weight64.grad!, weight.grad!);

        void Near(string what, Tensor expected, Tensor actual)
        {
            var worst = (actual.detach().to_type(ScalarType.Float64) - expected.detach()).abs().max().item<double>();
            Assert.True(worst < 1e-4 * Math.Sqrt(terms), $"{what} of {convolution} on {side}×{side}: off by {worst}");
        }
    }
}
