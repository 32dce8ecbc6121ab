using HwNas.Core.Graphs;

namespace HwNas.Onnx.Export;

/// <summary>Gives a part of the weights of a node, row-major, in the shape of its <see cref="WeightSpec"/>.</summary>
internal delegate float[] WeightSource(Node node, string part);

/// <summary>Adds the nodes of blocks without batch norm to a graph.</summary>
internal sealed class BlockGraphWriter(OnnxGraphBuilder graph, WeightSource weights)
{
    /// <summary>
    /// Adds <paramref name="block"/> behind the values <paramref name="inputs"/> and returns the name of its output.
    /// </summary>
    public string Add(Block block, IEnumerable<string> inputs)
    {
        List<string> values = [.. inputs];
        foreach (var node in block.Nodes)
            values.Add(Add(node, [.. node.Inputs.Select(value => values[value])]));
        return values[^1];
    }

    private string Add(Node node, List<string> inputs) => node.Operation switch
    {
        Convolution convolution => Convolve(node, convolution, inputs),
        Linear linear => Multiply(node, linear, inputs[0]),
        Activate activate => Activate(activate.Function, node.Path, inputs),
        Pooling pooling => Pool(node, pooling, inputs),
        GlobalPooling => graph.Node("GlobalAveragePool", node.Path, inputs),
        Core.Graphs.Add => inputs.Count == 2 ? graph.Node("Add", node.Path, inputs) : graph.Node("Sum", node.Path, inputs),
        Core.Graphs.Multiply => graph.Node("Mul", node.Path, inputs),
        Concatenate => graph.Node("Concat", node.Path, inputs, OnnxGraphBuilder.Int("axis", 1)),
        Identity => graph.Node("Identity", node.Path, inputs),
        Zero => graph.Node("Mul", node.Path, [.. inputs, graph.Constant($"{node.Path}.zero", [0f], 1)]),
        _ => throw new NotSupportedException($"{node} has no ONNX form."),
    };

    private string Convolve(Node node, Convolution convolution, List<string> inputs)
    {
        long padding = convolution.Padding;
        return graph.Node("Conv", node.Path, [.. inputs, .. Constants(node)],
            OnnxGraphBuilder.Ints("kernel_shape", convolution.Kernel, convolution.Kernel),
            OnnxGraphBuilder.Ints("strides", convolution.Stride, convolution.Stride),
            OnnxGraphBuilder.Ints("dilations", convolution.Dilation, convolution.Dilation),
            OnnxGraphBuilder.Ints("pads", padding, padding, padding, padding),
            OnnxGraphBuilder.Int("group", convolution.Groups));
    }

    private string Multiply(Node node, Linear linear, string input)
    {
        var features = graph.Node("Flatten", $"{node.Path}.flatten", [input], OnnxGraphBuilder.Int("axis", 1));
        return graph.Node("Gemm", node.Path, [features, .. Constants(node)], OnnxGraphBuilder.Int("transB", 1));
    }

    private string Pool(Node node, Pooling pooling, List<string> inputs)
    {
        long padding = pooling.Padding;
        List<AttributeProto> attributes =
        [
            OnnxGraphBuilder.Ints("kernel_shape", pooling.Kernel, pooling.Kernel),
            OnnxGraphBuilder.Ints("strides", pooling.Stride, pooling.Stride),
            OnnxGraphBuilder.Ints("pads", padding, padding, padding, padding),
            OnnxGraphBuilder.Int("ceil_mode", pooling.KeepsRest ? 1 : 0),
        ];
        if (pooling.Kind == PoolingKind.Average)
            attributes.Add(OnnxGraphBuilder.Int("count_include_pad", 0));
        return graph.Node(pooling.Kind == PoolingKind.Average ? "AveragePool" : "MaxPool", node.Path, inputs, [.. attributes]);
    }

    private IEnumerable<string> Constants(Node node) =>
        node.Operation.Weights.Select(
            spec => graph.Constant(node.WeightName(spec.Part), weights(node, spec.Part), spec.Shape.AsSpan()));

    private string Activate(Activation activation, string name, List<string> inputs) => activation switch
    {
        Activation.None => graph.Node("Identity", name, inputs),
        Activation.Relu => graph.Node("Relu", name, inputs),
        Activation.Swish => graph.Node("Mul", name, [inputs[0], graph.Node("Sigmoid", $"{name}.sigmoid", inputs)]),
        Activation.HardSwish => graph.Node("HardSwish", name, inputs),
        Activation.Sigmoid => graph.Node("Sigmoid", name, inputs),
        Activation.HardSigmoid => graph.Node(
            "HardSigmoid", name, inputs, OnnxGraphBuilder.Float("alpha", 1f / 6f), OnnxGraphBuilder.Float("beta", 0.5f)),
        _ => throw new NotSupportedException($"Activation {activation} has no ONNX form."),
    };
}
