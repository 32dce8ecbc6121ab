using System.Runtime.InteropServices;
using HwNas.Onnx.Export;
using DataType = HwNas.Onnx.Export.TensorProto.Types.DataType;

namespace HwNas.Onnx.Quantization;

/// <summary>
/// Turns a float model into one of 8-bit integers, statically quantised (Jacob et al. 2018, arXiv 1712.05877), in the QDQ
/// form that runtimes fuse into integer kernels: activations unsigned with one scale each, weights signed with a scale
/// for each output channel, biases in 32 bits.
/// </summary>
internal sealed class QdqModel
{
    private const string DequantizedSuffix = ".dequantized";

    private readonly GraphProto _graph = new();
    private readonly ActivationRangeSource _ranges;
    private readonly Dictionary<string, TensorProto> _constants;

    // What later nodes read instead of a value, and the scale that it is quantised with.
    private readonly Dictionary<string, (string Name, float Scale)> _quantized = [];

    private QdqModel(GraphProto source, ActivationRangeSource ranges)
    {
        _ranges = ranges;
        _constants = source.Initializer.ToDictionary(tensor => tensor.Name);
        _graph.Name = source.Name;
        _graph.Input.AddRange(source.Input);
        _graph.Output.AddRange(source.Output);
    }

    /// <summary>Quantises a model as <see cref="OnnxModelWriter"/> writes it.</summary>
    /// <param name="model">The float model; it stays as it is.</param>
    /// <param name="ranges">Ranges of its activations.</param>
    public static ModelProto Of(ModelProto model, ActivationRangeSource ranges)
    {
        var writer = new QdqModel(model.Graph, ranges);
        foreach (var input in model.Graph.Input)
            writer.Quantize(input.Name, operation: null, input.Name);
        var outputs = model.Graph.Output.Select(output => output.Name).ToHashSet();
        foreach (var (index, node) in model.Graph.Node.Index())
            writer.Add(node, outputs, FeedsReluOnly(model.Graph, index));
        var quantized = model.Clone();
        quantized.Graph = writer._graph;
        return quantized;
    }

    // A ReLU behind a convolution is part of it: between the two there is nothing to quantise.
    private static bool FeedsReluOnly(GraphProto graph, int index)
    {
        var output = graph.Node[index].Output[0];
        var readers = graph.Node.Where(node => node.Input.Contains(output)).ToList();
        return graph.Node[index].OpType == "Conv" && readers is [{ OpType: "Relu" }];
    }

    private void Add(NodeProto source, HashSet<string> outputs, bool feedsReluOnly)
    {
        var node = source.Clone();
        for (var i = 0; i < node.Input.Count; i++)
            node.Input[i] = Read(node, i);
        var name = node.Output[0];
        if (feedsReluOnly)
        {
            _graph.Node.Add(node);
            return;
        }

        // The graph's outputs keep their names, on the far side of the quantisation.
        var final = outputs.Contains(name);
        if (final)
            node.Output[0] = $"{name}.float";
        _graph.Node.Add(node);
        Quantize(node.Output[0], node.OpType, name, final ? name : null);
    }

    private string Read(NodeProto node, int input)
    {
        var name = node.Input[input];
        if (!_constants.TryGetValue(name, out var constant))
            return _quantized.TryGetValue(name, out var value) ? value.Name : name;
        if (_quantized.TryGetValue(name, out var known))
            return known.Name;
        var scales = ChannelScales(_constants[input == 2 ? WeightOf(node) : name]);
        if (input == 1)
        {
            return AddConstant(
                name, DataType.Int8, Round(constant, scales, sbyte.MaxValue, value => (sbyte)value), scales, constant.Dims);
        }

        var inputScale = _quantized.Values.First(value => value.Name == node.Input[0]).Scale;
        float[] biasScales = [.. scales.Select(scale => scale * inputScale)];
        return AddConstant(
            name, DataType.Int32, Round(constant, biasScales, int.MaxValue, value => (int)value), biasScales, constant.Dims);
    }

    // By the time the bias is read, the node's weight has been replaced by its dequantised form.
    private static string WeightOf(NodeProto node) =>
        node.Input[1].EndsWith(DequantizedSuffix, StringComparison.Ordinal)
            ? node.Input[1][..^DequantizedSuffix.Length]
            : node.Input[1];

    private void Quantize(string name, string? operation, string rangeName, string? result = null)
    {
        var range = _ranges(rangeName, operation);
        var scale = Constant($"{name}.scale", DataType.Float, [range.Scale], []);
        var zero = Constant($"{name}.zero_point", DataType.Uint8, [range.ZeroPoint], []);
        var quantized = Node("QuantizeLinear", $"{name}.quantized", [name, scale, zero]);
        _quantized[rangeName] =
            (Node("DequantizeLinear", result ?? name + DequantizedSuffix, [quantized, scale, zero]), range.Scale);
    }

    private string AddConstant<T>(string name, DataType type, T[] values, float[] scales, IEnumerable<long> shape)
        where T : unmanaged
    {
        var dequantized = Node("DequantizeLinear", name + DequantizedSuffix,
            [
                Constant($"{name}.integers", type, values, shape),
                Constant($"{name}.scale", DataType.Float, scales, [scales.Length]),
                Constant($"{name}.zero_point", type, new T[scales.Length], [scales.Length]),
            ]);
        _graph.Node[^1].Attribute.Add(OnnxGraphBuilder.Int("axis", 0));
        _quantized[name] = (dequantized, float.NaN);
        return dequantized;
    }

    private string Node(string operation, string name, ReadOnlySpan<string> inputs)
    {
        var node = new NodeProto { OpType = operation, Name = name };
        foreach (var input in inputs)
            node.Input.Add(input);
        node.Output.Add(name);
        _graph.Node.Add(node);
        return name;
    }

    private string Constant<T>(string name, DataType type, T[] values, IEnumerable<long> shape)
        where T : unmanaged
    {
        var tensor = new TensorProto { Name = name, DataType = (int)type, RawData = ArrayBytes<T>.Wrap(values) };
        tensor.Dims.AddRange(shape);
        _graph.Initializer.Add(tensor);
        return name;
    }

    // The first dimension of every weight is the output channel.
    private static float[] ChannelScales(TensorProto weight)
    {
        var values = Values(weight);
        var channels = (int)weight.Dims[0];
        var scales = new float[channels];
        var size = values.Length / channels;
        for (var channel = 0; channel < channels; channel++)
        {
            var most = 0f;
            foreach (var value in values.AsSpan(channel * size, size))
                most = Math.Max(most, Math.Abs(value));
            // A channel of zeros may have any scale but zero.
            scales[channel] = most > 0 ? most / sbyte.MaxValue : 1f / sbyte.MaxValue;
        }

        return scales;
    }

    private static T[] Round<T>(TensorProto tensor, float[] scales, double most, Func<double, T> convert)
    {
        var values = Values(tensor);
        var size = values.Length / scales.Length;
        var rounded = new T[values.Length];
        for (var i = 0; i < values.Length; i++)
            rounded[i] = convert(Math.Clamp(Math.Round((double)values[i] / scales[i / size]), -most, most));
        return rounded;
    }

    private static float[] Values(TensorProto tensor)
    {
        var values = new float[tensor.RawData.Length / sizeof(float)];
        tensor.RawData.Span.CopyTo(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }
}
