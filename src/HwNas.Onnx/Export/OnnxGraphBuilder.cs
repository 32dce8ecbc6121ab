using HwNas.Core.Files;
using DataType = HwNas.Onnx.Export.TensorProto.Types.DataType;

namespace HwNas.Onnx.Export;

/// <summary>
/// Assembles one ONNX graph, node by node in execution order. Values are known by name; every method that makes
/// one returns its name. Names are given by the caller and stable, so equal networks give equal bytes.
/// </summary>
internal sealed class OnnxGraphBuilder(string graphName)
{
    private readonly GraphProto _graph = new() { Name = graphName };
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>Declares a graph input of floats; a null dimension stays open and is called <c>batch</c>.</summary>
    public string Input(string name, params ReadOnlySpan<int?> shape) => Input(name, DataType.Float, shape);

    /// <summary>Declares a graph input of a type; a null dimension stays open and is called <c>batch</c>.</summary>
    public string Input(string name, DataType type, params ReadOnlySpan<int?> shape)
    {
        _graph.Input.Add(ValueInfo(Claim(name), type, shape));
        return name;
    }

    /// <summary>Declares an existing value to be a graph output.</summary>
    public void Output(string name, params ReadOnlySpan<int?> shape) => _graph.Output.Add(ValueInfo(name, DataType.Float, shape));

    /// <summary>Adds a node with one output, which is called like the node.</summary>
    public string Node(string operation, string name, IEnumerable<string> inputs, params ReadOnlySpan<AttributeProto> attributes)
    {
        var node = new NodeProto { OpType = operation, Name = Claim(name) };
        node.Input.AddRange(inputs);
        node.Output.Add(name);
        foreach (var attribute in attributes)
            node.Attribute.Add(attribute);
        _graph.Node.Add(node);
        return name;
    }

    /// <summary>Gives the output of the node that was added last another name; nothing may read it yet.</summary>
    public void RenameLast(string name, string newName)
    {
        var node = _graph.Node[^1];
        if (node.Output[0] != name)
            throw new ArgumentException($"'{name}' is not the value that was added last.", nameof(name));
        node.Output[0] = Claim(newName);
    }

    /// <summary>
    /// Adds a constant without copying it; <paramref name="values"/> must not change until the model is written.
    /// </summary>
    public string Constant<T>(string name, T[] values, params ReadOnlySpan<int> shape)
        where T : unmanaged
    {
        var elements = 1L;
        var tensor = new TensorProto
        {
            Name = Claim(name),
            DataType = (int)DataTypeOf<T>(),
            RawData = ArrayBytes<T>.Wrap(values),
        };
        foreach (var size in shape)
        {
            elements *= size;
            tensor.Dims.Add(size);
        }

        if (elements != values.Length)
        {
            throw new ArgumentException(
                $"Constant '{name}' of {values.Length} values cannot have {elements} elements.", nameof(shape));
        }

        _graph.Initializer.Add(tensor);
        return name;
    }

    /// <summary>Puts this graph before another one, whose only input is what this one made last.</summary>
    public void PutBefore(GraphProto graph)
    {
        graph.Input.Clear();
        graph.Input.Add(_graph.Input);
        graph.Initializer.Add(_graph.Initializer);
        foreach (var (index, node) in _graph.Node.Index())
            graph.Node.Insert(index, node);
    }

    /// <summary>Wraps the graph into a model.</summary>
    public ModelProto Build(int opset = ModelForm.LeastOpset) => new()
    {
        IrVersion = IrVersionOf(opset),
        ProducerName = "hwnas",
        ProducerVersion = ToolVersion.Text,
        Graph = _graph,
        OpsetImport = { new OperatorSetIdProto { Domain = "", Version = opset } },
    };

    public static AttributeProto Int(string name, long value) =>
        new() { Name = name, I = value, Type = AttributeProto.Types.AttributeType.Int };

    public static AttributeProto Float(string name, float value) =>
        new() { Name = name, F = value, Type = AttributeProto.Types.AttributeType.Float };

    public static AttributeProto Ints(string name, params ReadOnlySpan<long> values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Ints };
        foreach (var value in values)
            attribute.Ints.Add(value);
        return attribute;
    }

    private string Claim(string name) => _names.Add(name)
        ? name
        : throw new ArgumentException($"The graph has a value called '{name}' already.", nameof(name));

    // The version of the file format that came with an operator set.
    private static int IrVersionOf(int opset) => opset switch
    {
        <= 18 => 8,
        <= 20 => 9,
        <= 22 => 10,
        _ => 11,
    };

    private static ValueInfoProto ValueInfo(string name, DataType type, ReadOnlySpan<int?> shape)
    {
        var dimensions = new TensorShapeProto();
        foreach (var size in shape)
        {
            dimensions.Dim.Add(size is { } known
                ? new TensorShapeProto.Types.Dimension { DimValue = known }
                : new TensorShapeProto.Types.Dimension { DimParam = "batch" });
        }

        var tensor = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = dimensions };
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = tensor } };
    }

    private static DataType DataTypeOf<T>() => default(T) switch
    {
        float => DataType.Float,
        byte => DataType.Uint8,
        sbyte => DataType.Int8,
        int => DataType.Int32,
        long => DataType.Int64,
        _ => throw new NotSupportedException($"ONNX constants of {typeof(T).Name} are not written."),
    };
}
