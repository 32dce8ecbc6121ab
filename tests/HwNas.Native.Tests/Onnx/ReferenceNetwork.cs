using HwNas.Core.Networks;
using HwNas.Onnx.Export;

namespace HwNas.Native.Tests.Onnx;

/// <summary>Networks computed straight from their definition, in double precision, with no thought of speed.</summary>
internal static class ReferenceNetwork
{
    public static double[] Run(IReadOnlyList<LayerSpec> layers, ConvolutionWeightSource weights, double[] image) =>
        layers.Aggregate(image, (value, layer) => Run(layer, weights, value));

    private static double[] Run(LayerSpec layer, ConvolutionWeightSource weights, double[] input)
    {
        switch (layer)
        {
            case StemLayer stem:
                return Convolve(stem.Conv, input, stem.Input.Height);
            case MBConvLayer block:
                var inner = block.Expand is null ? input : Convolve(block.Expand, input, block.Input.Height);
                inner = Convolve(block.Depthwise, inner, block.Input.Height);
                if (block.Squeeze is not null)
                {
                    var gate = Convolve(block.Excite!, Convolve(block.Squeeze, Pool(inner, block.Depthwise.OutChannels), 1), 1);
                    var pixels = inner.Length / gate.Length;
                    inner = [.. inner.Select((value, i) => value * gate[i / pixels])];
                }

                var output = Convolve(block.Project, inner, block.Output.Height);
                if (!block.HasShortcut)
                    return output;
                var shortcut = block.ShortcutPools ? Halve(input, block.Input) : input;
                if (block.Shortcut is not null)
                    shortcut = Convolve(block.Shortcut, shortcut, block.Output.Height);
                return [.. output.Zip(shortcut, (a, b) => a + b)];
            case HeadLayer head:
                var features = Pool(Convolve(head.Conv, input, head.Input.Height), head.Conv.OutChannels);
                if (head.Mix is not null)
                    features = Convolve(head.Mix, features, 1);
                return Convolve(head.Classifier, features, 1);
            default:
                throw new NotSupportedException(layer.GetType().Name);
        }

        double[] Convolve(ConvSpec conv, double[] value, int side) => Activate(conv.Activation, Convolution(conv, weights(layer, conv), value, side));
    }

    private static double[] Convolution(ConvSpec conv, ConvolutionWeights weights, double[] input, int side)
    {
        var (inPerGroup, outPerGroup) = (conv.InChannels / conv.Groups, conv.OutChannels / conv.Groups);
        var (k, padding) = (conv.Kernel, conv.Kernel / 2);
        var output = new double[conv.OutChannels * conv.OutHeight * conv.OutWidth];
        for (var o = 0; o < conv.OutChannels; o++)
        {
            for (var y = 0; y < conv.OutHeight; y++)
            {
                for (var x = 0; x < conv.OutWidth; x++)
                {
                    var sum = weights.Bias is null ? 0.0 : weights.Bias[o];
                    for (var c = 0; c < inPerGroup; c++)
                    {
                        var channel = (o / outPerGroup * inPerGroup) + c;
                        for (var i = 0; i < k * k; i++)
                        {
                            var (row, column) = ((y * conv.Stride) + (i / k) - padding, (x * conv.Stride) + (i % k) - padding);
                            if (row >= 0 && row < side && column >= 0 && column < side)
                                sum += weights.Weight[(((o * inPerGroup) + c) * k * k) + i] * input[(((channel * side) + row) * side) + column];
                        }
                    }

                    output[(((o * conv.OutHeight) + y) * conv.OutWidth) + x] = sum;
                }
            }
        }

        return output;
    }

    private static double[] Pool(double[] input, int channels) =>
        [.. input.Chunk(input.Length / channels).Select(channel => channel.Average())];

    private static double[] Halve(double[] input, FeatureShape shape)
    {
        var half = (shape.Height + 1) / 2;
        var output = new double[shape.Channels * half * half];
        for (var i = 0; i < output.Length; i++)
        {
            var (channel, y, x) = (i / (half * half), i / half % half, i % half);
            var window =
                from row in new[] { 2 * y, (2 * y) + 1 }
                from column in new[] { 2 * x, (2 * x) + 1 }
                where row < shape.Height && column < shape.Width
                select input[(((channel * shape.Height) + row) * shape.Width) + column];
            output[i] = window.Average();
        }

        return output;
    }

    private static double[] Activate(Activation activation, double[] values) => [.. values.Select<double, double>(activation switch
    {
        Activation.None => x => x,
        Activation.Relu => x => Math.Max(0, x),
        Activation.Swish => x => x / (1 + Math.Exp(-x)),
        Activation.HardSwish => x => x * Math.Clamp((x / 6) + 0.5, 0, 1),
        Activation.Sigmoid => x => 1 / (1 + Math.Exp(-x)),
        Activation.HardSigmoid => x => Math.Clamp((x / 6) + 0.5, 0, 1),
        _ => throw new NotSupportedException(activation.ToString()),
    })];
}
