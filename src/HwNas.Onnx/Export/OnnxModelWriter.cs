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
        var model = Network(weights.Plan, BatchNormFolding.Of(weights), batch: null, metadata);
        AtomicFile.Write(path, stream => model.WriteTo(stream));
    }

    /// <summary>A whole network; a null batch stays open.</summary>
    internal static ModelProto Network(NetworkPlan plan, ConvolutionWeightSource weights, int? batch, OnnxModelMetadata? metadata = null) =>
        Chain(plan.Architecture.Id, plan.Layers, weights, batch, metadata);

    /// <summary>A micro-model of one layer, for profiling.</summary>
    internal static ModelProto SingleLayer(LayerSpec layer, ConvolutionWeightSource weights, int batch) =>
        Chain(layer.LatencyKey, [layer], weights, batch, metadata: null);

    /// <summary>A model that does nothing: its time is what a run costs besides its layers.</summary>
    internal static ModelProto Null()
    {
        var graph = new OnnxGraphBuilder("null");
        graph.Node("Identity", OutputName, [graph.Input(InputName, 1, 1)]);
        graph.Output(OutputName, 1, 1);
        return graph.Build(ToolVersion.Text, []);
    }

    private static ModelProto Chain(
        string name, IReadOnlyList<LayerSpec> layers, ConvolutionWeightSource weights, int? batch, OnnxModelMetadata? metadata)
    {
        var graph = new OnnxGraphBuilder(name);
        var writer = new LayerGraphWriter(graph, weights);
        var (first, last) = (layers[0].Input, layers[^1].Output);
        var value = graph.Input(InputName, batch, first.Channels, first.Height, first.Width);
        foreach (var layer in layers)
            value = writer.Add(layer, value);

        graph.RenameLast(value, OutputName);
        if (layers[^1] is HeadLayer)
            graph.Output(OutputName, batch, last.Channels);
        else
            graph.Output(OutputName, batch, last.Channels, last.Height, last.Width);
        return graph.Build(ToolVersion.Text, metadata?.ToProperties() ?? []);
    }
}
