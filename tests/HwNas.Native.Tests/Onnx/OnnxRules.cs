using HwNas.Onnx.Export;
using DataType = HwNas.Onnx.Export.TensorProto.Types.DataType;

namespace HwNas.Native.Tests.Onnx;

/// <summary>What the checker of the ONNX project asks of a model, and that nothing in it is idle.</summary>
internal static class OnnxRules
{
    public static void AssertKept(ModelProto model)
    {
        Assert.InRange(model.IrVersion, 8, 12);
        var opset = Assert.Single(model.OpsetImport);
        Assert.Equal("", opset.Domain);
        Assert.InRange(opset.Version, ModelForm.LeastOpset, ModelForm.GreatestOpset);
        Assert.Equal(
            model.MetadataProps.Count,
            model.MetadataProps.Select(property => property.Key).Distinct(StringComparer.Ordinal).Count());
        Assert.NotEmpty(model.ProducerVersion);
        AssertKept(model.Graph);
    }

    private static void AssertKept(GraphProto graph)
    {
        Assert.NotEmpty(graph.Name);
        Assert.NotEmpty(graph.Output);
        var (defined, used) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        foreach (var input in graph.Input)
        {
            AssertDeclared(input);
            Define(input.Name);
        }

        foreach (var tensor in graph.Initializer)
        {
            Define(tensor.Name);
            Assert.Equal(tensor.Dims.Aggregate(1L, (product, side) => product * side) * BytesOf(tensor), tensor.RawData.Length);
        }

        foreach (var node in graph.Node)
        {
            Assert.True(node.OpType.Length > 0 && node.Name.Length > 0, node.ToString());
            foreach (var input in node.Input)
            {
                Assert.True(defined.Contains(input), $"{node.Name} reads '{input}' before it is there.");
                used.Add(input);
            }

            foreach (var output in node.Output)
                Define(output);
            Assert.Equal(node.Attribute.Count, node.Attribute.Select(attribute => attribute.Name).Distinct().Count());
            Assert.DoesNotContain(node.Attribute, attribute => attribute.Type == AttributeProto.Types.AttributeType.Undefined);
        }

        Assert.Equal(graph.Node.Count, graph.Node.Select(node => node.Name).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(graph.Output.Count, graph.Output.Select(output => output.Name).Distinct(StringComparer.Ordinal).Count());
        foreach (var output in graph.Output)
        {
            AssertDeclared(output);
            Assert.Contains(output.Name, graph.Node.SelectMany(node => node.Output));
            used.Add(output.Name);
        }

        Assert.Empty(defined.Except(used));

        void Define(string name) => Assert.True(name.Length > 0 && defined.Add(name), $"'{name}' is defined twice.");
    }

    private static void AssertDeclared(ValueInfoProto value)
    {
        Assert.NotEqual((int)DataType.Undefined, value.Type.TensorType.ElemType);
        Assert.NotEmpty(value.Type.TensorType.Shape.Dim);
        Assert.All(
            value.Type.TensorType.Shape.Dim,
            dimension => Assert.True(dimension.DimValue > 0 || dimension.DimParam == "batch"));
    }

    private static int BytesOf(TensorProto tensor) => (DataType)tensor.DataType switch
    {
        DataType.Uint8 or DataType.Int8 => 1,
        DataType.Float16 => 2,
        DataType.Float or DataType.Int32 => 4,
        DataType.Int64 => 8,
        var other => throw new NotSupportedException($"{other}"),
    };
}
