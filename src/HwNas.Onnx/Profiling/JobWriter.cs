using System.Text.Json.Nodes;
using Google.Protobuf;
using HwNas.Core;
using HwNas.Core.Devices;
using HwNas.Core.Devices.Measurement;
using HwNas.Core.Files;
using HwNas.Core.Graphs;
using HwNas.Core.Spaces;
using HwNas.Onnx.Export;
using HwNas.Onnx.Quantization;
using HwNas.Onnx.Runtime;

namespace HwNas.Onnx.Profiling;

/// <summary>Writes what a device is to measure. The models hold random weights; equal options give equal bytes.</summary>
public static class JobWriter
{
    /// <summary>A job that profiles a space whole: all its distinct layers.</summary>
    /// <exception cref="InputException">The options are out of range, or the space has too many layers.</exception>
    public static JobBundle ForSpace(ISearchSpace space, ProfileOptions options) =>
        ForLayers(space, space.DistinctBlocks(), options);

    /// <summary>
    /// A job that profiles some layers of a space: the model that does nothing, one micro-model for each layer, and whole
    /// networks - the smallest, the largest and random ones; those that only judge are all random.
    /// </summary>
    /// <exception cref="InputException">The options are out of range, or there are too many layers.</exception>
    public static JobBundle ForLayers(ISearchSpace space, IReadOnlyList<Block> layers, ProfileOptions options)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(layers);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var nets = DrawNets(space, options);
        if (1 + layers.Count + nets.Count > MeasurementJob.MaxModels)
        {
            throw new InputException(
                $"{layers.Count} layers of the space '{space.Name}' are to be measured; "
                + $"up to {MeasurementJob.MaxModels} models can be measured together. "
                + "Give --minutes: then a part is measured and the rest predicted.");
        }

        var plan = new RotationPlan(
            [.. layers.Select(layer => layer.LatencyKey)],
            [.. nets.Select((net, i) => new RotationNet(
                net.Id, [.. net.Blocks.Select(layer => layer.LatencyKey)], Calibrates: i < options.CalibrationNets))]);
        var (weights, batch) = (RandomWeights.Seeded(options.Measurement.Seed), options.Runtime.Batch);
        return Bundle(plan, options, StrictJson.ParseObject(space.ToJson(), space.Name), number =>
        {
            var model = number == 0 ? OnnxModelWriter.Null()
                : number <= layers.Count ? OnnxModelWriter.SingleBlock(layers[number - 1], weights, batch)
                : OnnxModelWriter.Network(nets[number - 1 - layers.Count], weights, batch);
            return (number == 0 ? model : Rounded(model, options.Runtime.Precision)).ToByteArray();
        });
    }

    /// <summary>A job that times model files beside the model that does nothing.</summary>
    /// <param name="paths">The model files; their names must differ.</param>
    /// <param name="options">Runtime and settings.</param>
    /// <exception cref="InputException">A file cannot be read, or the options are out of range.</exception>
    public static JobBundle ForModels(IReadOnlyList<string> paths, ProfileOptions options)
    {
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var plan = new RotationPlan([], [.. paths.Select(path => new RotationNet(path, [], Calibrates: false))]);
        return Bundle(
            plan, options, space: null,
            number => number == 0 ? OnnxModelWriter.Null().ToByteArray() : OnnxSession.ReadModel(paths[number - 1]));
    }

    private static ModelProto Rounded(ModelProto model, ModelPrecision precision) => precision switch
    {
        ModelPrecision.Fp16 => HalfModel.Of(model),
        ModelPrecision.Int8 => QdqModel.Of(model, TypicalRanges.Of),
        _ => model,
    };

    private static JobBundle Bundle(RotationPlan plan, ProfileOptions options, JsonObject? space, Func<int, byte[]> model)
    {
        var names = plan.Layers.Prepend(MeasurementJob.NullModel).Concat(plan.Nets.Select(net => net.Architecture));
        var job = new MeasurementJob
        {
            ToolVersion = ToolVersion.Text,
            Space = space,
            Runtime = options.Runtime,
            Settings = options.Measurement,
            Plan = plan,
            Models =
            [
                .. names.Select((name, number) =>
                {
                    var bytes = model(number);
                    return new JobModel(name, ContentHash.OfBytes(bytes), bytes.Length);
                }),
            ],
        };
        return new JobBundle(job.Sealed(), model);
    }

    private static List<NetworkPlan> DrawNets(ISearchSpace space, ProfileOptions options)
    {
        var random = new Random(options.Measurement.Seed);
        var genomes = new List<Genome> { space.Smallest, space.Largest };
        var wanted = options.CalibrationNets + options.HeldOutNets;
        for (var attempt = 0; genomes.Count < wanted && attempt < 100 * wanted; attempt++)
        {
            var genome = space.Genomes.Sample(random);
            if (!genomes.Contains(genome))
                genomes.Add(genome);
        }

        return [.. genomes.Select(space.PlanOf)];
    }
}
