using HwNas.Supernet.Elastic;
using F = global::TorchSharp.torch.nn.functional;
using static global::TorchSharp.torch;

namespace HwNas.Native.Tests.TorchSharp;

/// <summary>Layers against loops written for this purpose.</summary>
public sealed class LayerTests
{
    [Theory]
    [InlineData(3, 4, 3, 1, 1, false)]
    [InlineData(3, 4, 3, 2, 1, false)]
    [InlineData(4, 6, 1, 1, 1, false)]
    [InlineData(4, 4, 3, 1, 4, false)]
    [InlineData(4, 4, 5, 2, 4, false)]
    [InlineData(1, 4, 3, 2, 1, true)]
    [InlineData(3, 4, 3, 1, 1, true)]
    [InlineData(4, 6, 1, 1, 1, true)]
    [InlineData(4, 4, 3, 2, 4, true)]
    [InlineData(4, 4, 5, 1, 4, true)]
    public void Convolution(int inChannels, int outChannels, int kernel, int stride, int groups, bool channelsLast)
    {
        const int images = 2, side = 7;
        OperatorCheck.Agree(
            t => F.conv2d(channelsLast ? ChannelsLast.Copy(t[0]) : t[0], t[1], t[2], [stride, stride], [kernel / 2, kernel / 2], [1, 1], groups),
            t => PlainConvolution(t[0], t[1], t[2], images, inChannels, outChannels, side, kernel, stride, groups),
            Values.Random(1, images, inChannels, side, side), Values.Random(2, outChannels, inChannels / groups, kernel, kernel), Values.Random(3, outChannels));
    }

    [Fact]
    public void A_channels_last_convolution_stays_channels_last()
    {
        using var scope = NewDisposeScope();
        var y = F.conv2d(ChannelsLast.Copy(empty([2, 3, 6, 6]).normal_()), empty([4, 3, 3, 3]).normal_(), null, [1, 1], [1, 1]);
        Assert.Equal([4 * 6 * 6, 1, 4 * 6, 4], y.Layout().Strides);
    }

    [Fact]
    public void Convolution_without_optional_arguments_has_no_padding_and_stride_1() =>
        OperatorCheck.Agree(
            t => F.conv2d(t[0], t[1]),
            t => [(t[0][0] * t[1][0]) + (t[0][1] * t[1][1]), (t[0][1] * t[1][0]) + (t[0][2] * t[1][1])],
            Values.Random(1, 1, 1, 1, 3), Values.Random(2, 1, 1, 1, 2));

    [Fact]
    public void Linear() =>
        OperatorCheck.Agree(
            t => F.linear(t[0], t[1], t[2]),
            t => [.. from row in Enumerable.Range(0, 3) from column in Enumerable.Range(0, 2)
                     select t[2][column] + Enumerable.Range(0, 4).Sum(i => t[0][(row * 4) + i] * t[1][(column * 4) + i])],
            Values.Random(1, 3, 4), Values.Random(2, 2, 4), Values.Random(3, 2));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Batch_norm_with_the_statistics_of_the_batch(bool channelsLast) =>
        OperatorCheck.Agree(
            t => F.batch_norm(channelsLast ? ChannelsLast.Copy(t[0]) : t[0], null, null, t[1], t[2], training: true, eps: 1e-3),
            t => PlainBatchNorm(t[0], t[1], t[2], null, null, 1e-3),
            Values.Random(1, 4, 3, 2, 2), Values.Random(2, 3), Values.Random(3, 3));

    [Fact]
    public void Batch_norm_with_given_statistics()
    {
        double[] mean = [0.5, -1, 2], variance = [1, 4, 0.25];
        OperatorCheck.Agree(
            t => F.batch_norm(t[0], tensor([.. mean.Select(v => (float)v)]), tensor([.. variance.Select(v => (float)v)]), t[1], t[2]),
            t => PlainBatchNorm(t[0], t[1], t[2], mean, variance, 1e-5),
            Values.Random(1, 4, 3, 2, 2), Values.Random(2, 3), Values.Random(3, 3));
    }

    [Fact]
    public void Training_batch_norm_moves_running_statistics_by_its_momentum_with_the_unbiased_variance()
    {
        using var scope = NewDisposeScope();
        var x = Values.Random(1, 4, 3, 2, 2);
        var (mean, variance) = (tensor([1f, 1, 1]), tensor([2f, 2, 2]));
        F.batch_norm(tensor([.. x.Elements.Select(v => (float)v)], x.Shape), mean, variance, training: true, momentum: 0.25);
        var channels = Enumerable.Range(0, 3).Select(c => Enumerable.Range(0, 48).Where(i => i / 4 % 3 == c).Select(i => x.Elements[i]).ToArray()).ToArray();
        OperatorCheck.Near([.. channels.Select(c => 0.75 + (0.25 * c.Average()))], mean.data<float>().ToArray(), "mean");
        OperatorCheck.Near([.. channels.Select(c => 1.5 + (0.25 * c.Sum(v => Math.Pow(v - c.Average(), 2)) / 15))], variance.data<float>().ToArray(), "variance");
    }

    [Theory]
    [InlineData("relu")]
    [InlineData("silu")]
    [InlineData("hardswish")]
    [InlineData("hardsigmoid")]
    public void Activation_fresh_and_in_place(string name)
    {
        (Func<Tensor, bool, Tensor> op, Func<double, double> plain) = name switch
        {
            "relu" => ((Func<Tensor, bool, Tensor>)F.relu, (Func<double, double>)(x => Math.Max(0, x))),
            "silu" => (F.silu, x => x / (1 + Math.Exp(-x))),
            "hardswish" => (F.hardswish, x => x * Math.Clamp(x + 3, 0, 6) / 6),
            _ => (F.hardsigmoid, x => Math.Clamp(x + 3, 0, 6) / 6),
        };
        var input = Values.Random(4, 2, 3, 4);
        OperatorCheck.Agree(t => op(t[0], false), t => [.. t[0].Select(plain)], input);
        OperatorCheck.Agree(t => op(t[0].mul(1.0), true), t => [.. t[0].Select(plain)], input);

        using var scope = NewDisposeScope();
        var x = tensor([-1f, 2]);
        op(x, false);
        Assert.Equal([-1f, 2], x.data<float>().ToArray());
        op(x, true);
        OperatorCheck.Near([plain(-1), plain(2)], x.data<float>().ToArray(), "in place");
    }

    [Fact]
    public void Sigmoid() => OperatorCheck.Agree(t => F.sigmoid(t[0]), t => [.. t[0].Select(x => 1 / (1 + Math.Exp(-x)))], Values.Random(1, 9));

    [Fact]
    public void Global_average_pooling() =>
        OperatorCheck.Agree(
            t => F.adaptive_avg_pool2d(t[0], 1),
            t => [.. t[0].Chunk(6).Select(map => map.Average())],
            Values.Random(1, 2, 2, 2, 3));

    [Theory]
    [InlineData(4, true, true)]
    [InlineData(5, true, false)]
    [InlineData(5, false, true)]
    public void Average_pooling_of_windows_that_may_hang_over_the_edge(int side, bool ceilMode, bool countPadding)
    {
        var outSide = ceilMode ? (side + 1) / 2 : side / 2;
        OperatorCheck.Agree(
            t => F.avg_pool2d(t[0], 2, stride: 2, ceil_mode: ceilMode, count_include_pad: countPadding),
            t => [.. from map in Enumerable.Range(0, 2) from row in Enumerable.Range(0, outSide) from column in Enumerable.Range(0, outSide)
                     select (from r in Enumerable.Range(2 * row, 2) from c in Enumerable.Range(2 * column, 2)
                             where r < side && c < side select t[0][(((map * side) + r) * side) + c]).Average()],
            Values.Random(1, 1, 2, side, side));
    }

    private static double[] PlainConvolution(double[] x, double[] w, double[] bias, int images, int inChannels, int outChannels, int side, int kernel, int stride, int groups)
    {
        var (outSide, perGroup) = (((side - 1) / stride) + 1, inChannels / groups);
        var y = new List<double>();
        foreach (var (image, channel, row, column) in
            from n in Enumerable.Range(0, images) from o in Enumerable.Range(0, outChannels)
            from r in Enumerable.Range(0, outSide) from c in Enumerable.Range(0, outSide) select (n, o, r, c))
        {
            var sum = bias[channel];
            for (var i = 0; i < perGroup * kernel * kernel; i++)
            {
                var (source, down, across) = (i / (kernel * kernel), i / kernel % kernel, i % kernel);
                var (r, c) = ((row * stride) + down - (kernel / 2), (column * stride) + across - (kernel / 2));
                var from = (channel / (outChannels / groups) * perGroup) + source;
                if (r >= 0 && c >= 0 && r < side && c < side)
                    sum += x[(((((image * inChannels) + from) * side) + r) * side) + c] * w[(channel * perGroup * kernel * kernel) + i];
            }

            y.Add(sum);
        }

        return [.. y];
    }

    // Input [4, 3, 2, 2].
    private static double[] PlainBatchNorm(double[] x, double[] weight, double[] bias, double[]? mean, double[]? variance, double epsilon) =>
        [.. x.Select((value, i) =>
        {
            var channel = i / 4 % 3;
            var same = x.Where((_, j) => j / 4 % 3 == channel).ToArray();
            var centre = mean?[channel] ?? same.Average();
            var spread = variance?[channel] ?? same.Average(v => (v - centre) * (v - centre));
            return ((value - centre) / Math.Sqrt(spread + epsilon) * weight[channel]) + bias[channel];
        })];
}
