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
    private readonly Func<NodeProto, bool> _keepsFloat;
    private readonly Dictionary<string, TensorProto> _constants;

    // Values that are there in float, by the operation that makes them; they are quantised when that is asked for.
    private readonly Dictionary<string, string?> _floats = [];

    // What later nodes read instead of a value, and the scale that it is quantised with.
    private readonly Dictionary<string, (string Name, float Scale)> _quantized = [];

    private readonly Dictionary<string, float[]> _weightScales = [];

    private QdqModel(GraphProto source, ActivationRangeSource ranges, Func<NodeProto, bool> keepsFloat)
    {
        (_ranges, _keepsFloat) = (ranges, keepsFloat);
        _constants = source.Initializer.ToDictionary(tensor => tensor.Name);
        _graph.Name = source.Name;
        _graph.Input.AddRange(source.Input);
        _graph.Output.AddRange(source.Output);
    }

    /// <summary>Quantises a model as <see cref="OnnxModelWriter"/> writes it.</summary>
    /// <param name="model">The float model; it stays as it is.</param>
    /// <param name="ranges">Ranges of its activations.</param>
    /// <param name="keepsFloat">Whether a node stays as it is; null for none.</param>
    public static ModelProto Of(ModelProto model, ActivationRangeSource ranges, Func<NodeProto, bool>? keepsFloat = null)
    {
        var writer = new QdqModel(model.Graph, ranges, keepsFloat ?? (_ => false));
        foreach (var input in model.Graph.Input)
            writer._floats.Add(input.Name, null);
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
        var (node, name) = (source.Clone(), source.Output[0]);
        if (_keepsFloat(source))
        {
            for (var i = 0; i < node.Input.Count; i++)
                node.Input[i] = ReadFloat(node.Input[i]);
            _graph.Node.Add(node);
            _floats.Add(name, node.OpType);
            return;
        }

        for (var i = 0; i < node.Input.Count; i++)
            node.Input[i] = Read(node, i);
        // What the classifier gives stays as it is: steps of 8 bits would make ties.
        if (feedsReluOnly || (outputs.Contains(name) && node.OpType == "Gemm"))
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

    private string ReadFloat(string name)
    {
        if (_constants.TryGetValue(name, out var constant))
            _graph.Initializer.Add(constant);
        return !_floats.ContainsKey(name) && _quantized.TryGetValue(name, out var value) ? value.Name : name;
    }

    private string Read(NodeProto node, int input)
    {
        var name = node.Input[input];
        if (!_constants.TryGetValue(name, out var constant))
        {
            if (!_quantized.ContainsKey(name) && _floats.TryGetValue(name, out var operation))
                Quantize(name, operation, name);
            return _quantized.TryGetValue(name, out var value) ? value.Name : name;
        }

        if (_quantized.TryGetValue(name, out var known))
            return known.Name;
        if (input == 1)
        {
            var weights = WeightRounding.Values(constant);
            var scales = node.Input.Count > 2
                ? WeightRounding.Scales(weights, WeightRounding.Values(_constants[node.Input[2]]), InputScaleOf(node))
                : WeightRounding.Scales(weights, (int)constant.Dims[0]);
            _weightScales[node.Name] = scales;
            return AddConstant(
                name, DataType.Int8, Round(weights, scales, sbyte.MaxValue, value => (sbyte)value), scales, constant.Dims);
        }

        float[] biasScales = [.. _weightScales[node.Name].Select(scale => scale * InputScaleOf(node))];
        var biases = Round(WeightRounding.Values(constant), biasScales, int.MaxValue, value => (int)value);
        return AddConstant(name, DataType.Int32, biases, biasScales, constant.Dims);
    }

    // By the time weight and bias are read, the input has been replaced by its dequantised form.
    private float InputScaleOf(NodeProto node) => _quantized.Values.First(value => value.Name == node.Input[0]).Scale;

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

    private static T[] Round<T>(float[] values, float[] scales, double most, Func<double, T> convert)
    {
        var size = values.Length / scales.Length;
        var rounded = new T[values.Length];
        for (var i = 0; i < values.Length; i++)
            rounded[i] = convert(WeightRounding.Round(values[i], scales[i / size], most));
        return rounded;
    }
}
