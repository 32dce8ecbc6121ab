using Google.Protobuf;
using HwNas.Onnx.Export;
using DataType = HwNas.Onnx.Export.TensorProto.Types.DataType;

namespace HwNas.Native.Tests.Onnx;

/// <summary>Valid models of a few hundred bytes that never end, one of them taking more memory with every round.</summary>
internal static class EndlessModel
{
    private const DataType Bool = (DataType)9;

    public static byte[] Looping() => Model(grows: false);

    public static byte[] Exploding() => Model(grows: true);

    // y = Loop(2^62 times, x): the value is handed on; or a megabyte is kept of every round as well.
    private static byte[] Model(bool grows)
    {
        var body = new GraphProto { Name = "body" };
        body.Input.Add(Value("round", DataType.Int64));
        body.Input.Add(Value("go", Bool));
        body.Input.Add(Value("v", DataType.Float, 1, 4));
        body.Node.Add(Node("Identity", ["go"], ["goes"]));
        body.Node.Add(Node("Identity", ["v"], ["w"]));
        body.Output.Add(Value("goes", Bool));
        body.Output.Add(Value("w", DataType.Float, 1, 4));
        if (grows)
        {
            body.Node.Add(Node("Expand", ["v", "shape"], ["kept"]));
            body.Output.Add(Value("kept", DataType.Float, 65_536, 4));
        }

        var loop = Node("Loop", ["rounds", "always", "x"], grows ? ["y", "all"] : ["y"]);
        loop.Attribute.Add(GraphAttribute("body", body));
        var graph = new GraphProto { Name = "endless" };
        graph.Initializer.Add(Constant("rounds", DataType.Int64, BitConverter.GetBytes(1L << 62)));
        graph.Initializer.Add(Constant("always", Bool, [1]));
        byte[] shape = [.. BitConverter.GetBytes(65_536L), .. BitConverter.GetBytes(4L)];
        graph.Initializer.Add(Constant("shape", DataType.Int64, shape, 2));
        graph.Input.Add(Value("x", DataType.Float, 1, 4));
        graph.Node.Add(loop);
        graph.Output.Add(Value("y", DataType.Float, 1, 4));
        var model = new ModelProto { IrVersion = 8, ProducerName = "test", Graph = graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = 17 });
        return model.ToByteArray();
    }

    // The writer's schema knows no graphs within graphs: field 6, of type 5.
    private static AttributeProto GraphAttribute(string name, GraphProto graph)
    {
        using var stream = new MemoryStream();
        new AttributeProto { Name = name, Type = (AttributeProto.Types.AttributeType)5 }.WriteTo(stream);
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
        {
            output.WriteTag(6, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(graph.ToByteString());
        }

        return AttributeProto.Parser.ParseFrom(stream.ToArray());
    }

    private static TensorProto Constant(string name, DataType type, byte[] bytes, params ReadOnlySpan<long> sizes)
    {
        var tensor = new TensorProto { Name = name, DataType = (int)type, RawData = ByteString.CopyFrom(bytes) };
        foreach (var size in sizes)
            tensor.Dims.Add(size);
        return tensor;
    }

    private static NodeProto Node(string operation, string[] inputs, string[] outputs)
    {
        var node = new NodeProto { OpType = operation, Name = outputs[0] };
        node.Input.AddRange(inputs);
        node.Output.AddRange(outputs);
        return node;
    }

    private static ValueInfoProto Value(string name, DataType type, params ReadOnlySpan<int> sizes)
    {
        var shape = new TensorShapeProto();
        foreach (var size in sizes)
            shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = size });
        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = shape } },
        };
    }
}
