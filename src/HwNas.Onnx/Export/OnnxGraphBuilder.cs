using DataType = HwNas.Onnx.Export.TensorProto.Types.DataType;

namespace HwNas.Onnx.Export;

/// <summary>
/// Assembles one ONNX graph, node by node in execution order. Values are known by name; every method that makes
/// one returns its name. Names are given by the caller and stable, so equal networks give equal bytes.
/// </summary>
internal sealed class OnnxGraphBuilder(string graphName)
{
    private const int IrVersion = 8;
    private const int OperatorSet = 17;

    private readonly GraphProto _graph = new() { Name = graphName };
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>Declares a graph input; a null dimension stays open and is called <c>batch</c>.</summary>
    public string Input(string name, params ReadOnlySpan<int?> shape)
    {
        _graph.Input.Add(ValueInfo(Claim(name), shape));
        return name;
    }

    /// <summary>Declares an existing value to be a graph output.</summary>
    public void Output(string name, params ReadOnlySpan<int?> shape) => _graph.Output.Add(ValueInfo(name, shape));

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

    /// <summary>Wraps the graph into a model with the given metadata, in the given order.</summary>
    public ModelProto Build(string producerVersion, IEnumerable<KeyValuePair<string, string>> metadata)
    {
        var model = new ModelProto
        {
            IrVersion = IrVersion,
            ProducerName = "hwnas",
            ProducerVersion = producerVersion,
            Graph = _graph,
        };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = OperatorSet });
        foreach (var (key, value) in metadata)
            model.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });
        return model;
    }

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

    private static ValueInfoProto ValueInfo(string name, ReadOnlySpan<int?> shape)
    {
        var dimensions = new TensorShapeProto();
        foreach (var size in shape)
        {
            dimensions.Dim.Add(size is { } known
                ? new TensorShapeProto.Types.Dimension { DimValue = known }
                : new TensorShapeProto.Types.Dimension { DimParam = "batch" });
        }

        var tensor = new TypeProto.Types.Tensor { ElemType = (int)DataType.Float, Shape = dimensions };
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
