using Google.Protobuf;
using HwNas.Core;
using HwNas.Core.Devices;
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

    /// <summary>Name of the output of models that give probabilities, [batch, classes].</summary>
    public const string ProbabilitiesName = "probabilities";

    /// <summary>Writes a trained subnet to <paramref name="path"/>, atomically, in the form that its metadata tell.</summary>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <param name="weights">The subnet with calibrated batch norm.</param>
    /// <param name="metadata">What the model tells about itself.</param>
    /// <exception cref="InputException">The file cannot be written, or not in this form.</exception>
    public static void WriteFile(string path, SubnetWeights weights, OnnxModelMetadata metadata)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(metadata);
        WriteFile(path, Model(weights, metadata));
    }

    /// <summary>Writes a model, atomically.</summary>
    internal static void WriteFile(string path, ModelProto model) => AtomicFile.Write(path, stream => model.WriteTo(stream));

    /// <summary>A trained subnet as a model: the network, with what its form puts before and behind it.</summary>
    /// <param name="weights">The subnet with calibrated batch norm.</param>
    /// <param name="metadata">What the model tells about itself.</param>
    /// <param name="quantize">Where the form is int8, makes the network one of integers.</param>
    internal static ModelProto Model(
        SubnetWeights weights, OnnxModelMetadata metadata, Func<ModelProto, ModelProto>? quantize = null)
    {
        var form = metadata.Form;
        form.Check();
        var exact = Network(weights, form);
        var model = form.Precision switch
        {
            ModelPrecision.Fp16 => HalfModel.Of(exact),
            ModelPrecision.Int8 => quantize?.Invoke(exact)
                ?? throw new ArgumentException("A model of int8 is written by its quantised network.", nameof(quantize)),
            _ => exact,
        };
        form.Pixels?.AddTo(model, metadata.Normalisation, weights.Plan.Input, BatchOf(form));
        if (form.Output == ModelOutput.Probabilities)
            AddSoftmax(model.Graph);
        model.MetadataProps.Add(
            metadata.ToProperties()
                .Select(property => new StringStringEntryProto { Key = property.Key, Value = property.Value }));
        return model;
    }

    /// <summary>A trained subnet from normalised floats to logits or features, in 32 bits, batch norm folded in.</summary>
    internal static ModelProto Network(SubnetWeights weights, ModelForm form)
    {
        var folded = BatchNormFolding.Fold(weights);
        var backbone = form.IsBackbone ? Backbone.Of(folded.Plan) : null;
        return Write(
            backbone?.Plan ?? folded.Plan, (node, part) => folded[node.WeightName(part)].Values, BatchOf(form), form.Opset,
            backbone?.Taps.ToDictionary(tap => tap.Key, tap => tap.Value.Name));
    }

    /// <summary>A whole network, batch norm folded in, for profiling.</summary>
    internal static ModelProto Network(NetworkPlan plan, WeightSource weights, int batch) =>
        Write(BatchNormFolding.Fold(plan), weights, batch);

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
        Declare(graph, output, OutputName, block, batch);
        return graph.Build();
    }

    /// <summary>A model that does nothing: its time is what a run costs besides its layers.</summary>
    internal static ModelProto Null()
    {
        var graph = new OnnxGraphBuilder("null");
        graph.Node("Identity", OutputName, [graph.Input(InputName, 1, 1)]);
        graph.Output(OutputName, 1, 1);
        return graph.Build();
    }

    // The outputs by the value of the plan that they are; null for the last one as the logits.
    private static ModelProto Write(
        NetworkPlan plan, WeightSource weights, int? batch, int opset = ModelForm.LeastOpset,
        Dictionary<int, string>? outputs = null)
    {
        outputs ??= new Dictionary<int, string> { [plan.Blocks.Length] = OutputName };
        var graph = new OnnxGraphBuilder(plan.Id);
        var writer = new BlockGraphWriter(graph, weights);
        List<string> values = [Input(graph, InputName, batch, plan.Input)];
        foreach (var (index, block) in plan.Blocks.Index())
        {
            var value = writer.Add(block, plan.Wiring[index].Select(value => values[value]));
            values.Add(outputs.TryGetValue(index + 1, out var name) ? Declare(graph, value, name, block, batch) : value);
        }

        return graph.Build(opset);
    }

    private static string Input(OnnxGraphBuilder graph, string name, int? batch, FeatureShape shape) =>
        graph.Input(name, batch, shape.Channels, shape.Height, shape.Width);

    // Makes the value that was made last an output of the model.
    private static string Declare(OnnxGraphBuilder graph, string value, string name, Block made, int? batch)
    {
        graph.RenameLast(value, name);
        if (made.IsFlat)
            graph.Output(name, batch, made.Output.Channels);
        else
            graph.Output(name, batch, made.Output.Channels, made.Output.Height, made.Output.Width);
        return name;
    }

    private static int? BatchOf(ModelForm form) => form.DynamicBatch ? null : 1;

    private static void AddSoftmax(GraphProto graph)
    {
        graph.Node.Add(new NodeProto
        {
            OpType = "Softmax", Name = ProbabilitiesName, Input = { OutputName }, Output = { ProbabilitiesName },
            Attribute = { OnnxGraphBuilder.Int("axis", 1) },
        });
        graph.Output[0].Name = ProbabilitiesName;
    }
}
