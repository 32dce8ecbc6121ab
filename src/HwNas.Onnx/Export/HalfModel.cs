using System.Runtime.InteropServices;
using Google.Protobuf.Collections;
using HwNas.Core;
using DataType = HwNas.Onnx.Export.TensorProto.Types.DataType;

namespace HwNas.Onnx.Export;

/// <summary>
/// Turns a float model into one that computes in 16-bit floats, with weights half as large. Its inputs and outputs stay
/// 32-bit floats, so that whoever runs the one runs the other.
/// </summary>
internal static class HalfModel
{
    private const string Suffix = ".half";

    /// <summary>The model in 16 bits; the given one stays as it is.</summary>
    /// <exception cref="InputException">A weight is beyond what 16 bits hold.</exception>
    public static ModelProto Of(ModelProto model)
    {
        var half = model.Clone();
        var graph = half.Graph;
        foreach (var tensor in graph.Initializer)
        {
            tensor.RawData = ArrayBytes<Half>.Wrap(Rounded(tensor));
            tensor.DataType = (int)DataType.Float16;
        }

        var ends = graph.Input.Concat(graph.Output).Select(value => value.Name).ToHashSet();
        foreach (var node in graph.Node)
        {
            Rename(node.Input, ends);
            Rename(node.Output, ends);
        }

        foreach (var (index, input) in graph.Input.Index())
            graph.Node.Insert(index, Cast(input.Name, input.Name + Suffix, DataType.Float16));
        foreach (var output in graph.Output)
            graph.Node.Add(Cast(output.Name + Suffix, output.Name, DataType.Float));
        return half;
    }

    private static void Rename(RepeatedField<string> values, HashSet<string> ends)
    {
        for (var i = 0; i < values.Count; i++)
        {
            if (ends.Contains(values[i]))
                values[i] += Suffix;
        }
    }

    private static NodeProto Cast(string from, string to, DataType type) => new()
    {
        OpType = "Cast", Name = to + ".cast", Input = { from }, Output = { to },
        Attribute = { OnnxGraphBuilder.Int("to", (long)type) },
    };

    private static Half[] Rounded(TensorProto tensor)
    {
        var values = MemoryMarshal.Cast<byte, float>(tensor.RawData.Span);
        var rounded = new Half[values.Length];
        for (var i = 0; i < rounded.Length; i++)
        {
            rounded[i] = (Half)values[i];
            if (Half.IsInfinity(rounded[i]) && float.IsFinite(values[i]))
            {
                throw new InputException(
                    $"The weight '{tensor.Name}' holds {values[i]:G3}, which is more than 16-bit floats hold. "
                    + "Export with --precision fp32.");
            }
        }

        return rounded;
    }
}
