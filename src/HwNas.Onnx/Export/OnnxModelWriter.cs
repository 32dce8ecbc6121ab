using Google.Protobuf;
using HwNas.Core;
using HwNas.Core.Files;
using HwNas.Core.Graphs;

namespace HwNas.Onnx.Export;

/// <summary>Writes networks as ONNX models: batch norm folded in, equal networks in equal bytes.</summary>
public static class OnnxModelWriter
{
    /// <summary>Name of the model's input, [batch, channels, height, width], normalised images.</summary>
    public const string InputName = "images";

    /// <summary>Name of the model's output, [batch, classes], before softmax.</summary>
    public const string OutputName = "logits";

    /// <summary>Writes a trained subnet to <paramref name="path"/>, atomically; the batch size stays open.</summary>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <param name="weights">The subnet with calibrated batch norm.</param>
    /// <param name="metadata">What the model tells about itself.</param>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void WriteFile(string path, SubnetWeights weights, OnnxModelMetadata metadata)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(metadata);
        var folded = BatchNormFolding.Fold(weights);
        var model = Write(folded.Plan, (node, part) => folded[node.WeightName(part)].Values, batch: null, metadata);
        AtomicFile.Write(path, stream => model.WriteTo(stream));
    }

    /// <summary>A whole network, batch norm folded in, for profiling.</summary>
    internal static ModelProto Network(NetworkPlan plan, WeightSource weights, int batch) =>
        Write(BatchNormFolding.Fold(plan), weights, batch, metadata: null);

    /// <summary>A micro-model of one block, for profiling; where it has several inputs, they are one and the same.</summary>
    internal static ModelProto SingleBlock(Block block, WeightSource weights, int batch)
    {
        var graph = new OnnxGraphBuilder(block.LatencyKey);
        if (block.Inputs.Any(shape => shape != block.Inputs[0]))
        {
            throw new NotSupportedException(
                $"The block '{block}' has inputs of different shapes, and cannot be timed on its own.");
        }

        var input = Input(graph, InputName, batch, block.Inputs[0]);
        var output = new BlockGraphWriter(graph, weights).Add(BatchNormFolding.Fold(block), block.Inputs.Select(_ => input));
        return Finish(graph, output, block, batch, metadata: null);
    }

    /// <summary>A model that does nothing: its time is what a run costs besides its layers.</summary>
    internal static ModelProto Null()
    {
        var graph = new OnnxGraphBuilder("null");
        graph.Node("Identity", OutputName, [graph.Input(InputName, 1, 1)]);
        graph.Output(OutputName, 1, 1);
        return graph.Build(ToolVersion.Text, []);
    }

    private static ModelProto Write(NetworkPlan plan, WeightSource weights, int? batch, OnnxModelMetadata? metadata)
    {
        var graph = new OnnxGraphBuilder(plan.Id);
        var writer = new BlockGraphWriter(graph, weights);
        List<string> values = [Input(graph, InputName, batch, plan.Input)];
        foreach (var (index, block) in plan.Blocks.Index())
            values.Add(writer.Add(block, plan.Wiring[index].Select(value => values[value])));
        return Finish(graph, values[^1], plan.Blocks[^1], batch, metadata);
    }

    private static string Input(OnnxGraphBuilder graph, string name, int? batch, FeatureShape shape) =>
        graph.Input(name, batch, shape.Channels, shape.Height, shape.Width);

    private static ModelProto Finish(OnnxGraphBuilder graph, string value, Block last, int? batch, OnnxModelMetadata? metadata)
    {
        graph.RenameLast(value, OutputName);
        if (last.IsFlat)
            graph.Output(OutputName, batch, last.Output.Channels);
        else
            graph.Output(OutputName, batch, last.Output.Channels, last.Output.Height, last.Output.Width);
        return graph.Build(ToolVersion.Text, metadata?.ToProperties() ?? []);
    }
}
