using HwNas.Core.Graphs;

namespace HwNas.Onnx.Export;

/// <summary>Adds the nodes of one layer to a graph; the convolutions and shapes are those of its <see cref="LayerSpec"/>.</summary>
internal sealed class LayerGraphWriter(OnnxGraphBuilder graph, ConvolutionWeightSource weights)
{
    /// <summary>Adds <paramref name="layer"/> behind the value <paramref name="input"/> and returns the name of its output.</summary>
    public string Add(LayerSpec layer, string input) => layer switch
    {
        StemLayer stem => Convolve(layer, stem.Conv, input),
        MBConvLayer block => AddBlock(block, input),
        HeadLayer head => AddHead(head, input),
        _ => throw new NotSupportedException($"Layer {layer.Name} ({layer.GetType().Name}) has no ONNX form."),
    };

    private string AddBlock(MBConvLayer block, string input)
    {
        var inner = block.Expand is null ? input : Convolve(block, block.Expand, input);
        inner = Convolve(block, block.Depthwise, inner);
        if (block.Squeeze is not null)
        {
            var pooled = graph.Node("GlobalAveragePool", $"{block.Name}.pool", [inner]);
            var gate = Convolve(block, block.Excite!, Convolve(block, block.Squeeze, pooled));
            inner = graph.Node("Mul", $"{block.Name}.gate", [inner, gate]);
        }

        var output = Convolve(block, block.Project, inner);
        return block.HasShortcut ? graph.Node("Add", $"{block.Name}.add", [output, AddShortcut(block, input)]) : output;
    }

    private string AddShortcut(MBConvLayer block, string input)
    {
        if (block.ShortcutPools)
        {
            input = graph.Node("AveragePool", $"{block.Name}.shortcut.pool", [input],
                OnnxGraphBuilder.Ints("kernel_shape", 2, 2), OnnxGraphBuilder.Ints("strides", 2, 2),
                OnnxGraphBuilder.Int("ceil_mode", 1), OnnxGraphBuilder.Int("count_include_pad", 0));
        }

        return block.Shortcut is null ? input : Convolve(block, block.Shortcut, input);
    }

    private string AddHead(HeadLayer head, string input)
    {
        var pooled = graph.Node("GlobalAveragePool", $"{head.Name}.pool", [Convolve(head, head.Conv, input)]);
        if (head.Mix is not null)
            pooled = Convolve(head, head.Mix, pooled);
        var features = graph.Node("Flatten", $"{head.Name}.flatten", [pooled], OnnxGraphBuilder.Int("axis", 1));
        var name = $"{head.Name}.{head.Classifier.Role}";
        var (weight, bias) = weights(head, head.Classifier);
        return graph.Node("Gemm", name,
            [
                features,
                graph.Constant($"{name}.weight", weight, head.Classifier.OutChannels, head.Classifier.InChannels),
                graph.Constant($"{name}.bias", bias!, head.Classifier.OutChannels),
            ],
            OnnxGraphBuilder.Int("transB", 1));
    }

    private string Convolve(LayerSpec layer, ConvSpec conv, string input)
    {
        var name = $"{layer.Name}.{conv.Role}";
        var (weight, bias) = weights(layer, conv);
        var inputs = new List<string>
        {
            input,
            graph.Constant($"{name}.weight", weight, conv.OutChannels, conv.InChannels / conv.Groups, conv.Kernel, conv.Kernel),
        };
        if (bias is not null)
            inputs.Add(graph.Constant($"{name}.bias", bias, conv.OutChannels));
        long padding = conv.Kernel / 2;
        var output = graph.Node("Conv", name, inputs,
            OnnxGraphBuilder.Ints("kernel_shape", conv.Kernel, conv.Kernel),
            OnnxGraphBuilder.Ints("strides", conv.Stride, conv.Stride),
            OnnxGraphBuilder.Ints("pads", padding, padding, padding, padding),
            OnnxGraphBuilder.Int("group", conv.Groups));
        return Activate(conv.Activation, name, output);
    }

    private string Activate(Activation activation, string name, string input) => activation switch
    {
        Activation.None => input,
        Activation.Relu => graph.Node("Relu", $"{name}.relu", [input]),
        Activation.Swish => graph.Node("Mul", $"{name}.swish", [input, graph.Node("Sigmoid", $"{name}.sigmoid", [input])]),
        Activation.HardSwish => graph.Node("HardSwish", $"{name}.hard_swish", [input]),
        Activation.Sigmoid => graph.Node("Sigmoid", $"{name}.sigmoid", [input]),
        Activation.HardSigmoid => graph.Node("HardSigmoid", $"{name}.hard_sigmoid", [input],
            OnnxGraphBuilder.Float("alpha", 1f / 6f), OnnxGraphBuilder.Float("beta", 0.5f)),
        _ => throw new NotSupportedException($"Activation {activation} has no ONNX form."),
    };
}
