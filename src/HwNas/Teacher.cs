using System.Runtime.InteropServices;
using HwNas.Core;
using HwNas.Core.Devices.Measurement;
using HwNas.Core.Files;
using HwNas.Core.Search;
using HwNas.Onnx.Runtime;
using HwNas.Supernet.Data;
using HwNas.Supernet.Torch;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace HwNas;

/// <summary>
/// A fixed network whose soft labels the largest subnet learns from beside the labels: an ONNX model, or the largest subnet of
/// another run. It gets the images as the supernet does, normalised and resized to its own square.
/// </summary>
public sealed class Teacher : IDisposable
{
    private readonly int _resolution;
    private readonly Func<Tensor, Tensor> _logits;
    private readonly IDisposable[] _owned;

    private Teacher(InputReference source, int resolution, Func<Tensor, Tensor> logits, params IDisposable[] owned) =>
        (Source, _resolution, _logits, _owned) = (source, resolution, logits, owned);

    /// <summary>Its file, as a record of a training has it.</summary>
    public InputReference Source { get; }

    /// <summary>Opens a teacher for images.</summary>
    /// <param name="path">An ONNX model, or the folder of a run.</param>
    /// <param name="data">The images.</param>
    /// <param name="batchSize">Images that it gets at once.</param>
    /// <param name="device">Where the images will lie; a network of a run lies there too.</param>
    /// <param name="context">The clock, who hears notices, and where models of others run.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="InputException">There is none, or it is for other images or classes.</exception>
    public static Teacher Open(
        string path, DataSplits data, int batchSize, TorchDevice device, RunContext context,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(context);
        return Directory.Exists(path)
            ? OfRun(new NasRun(path, context: context) { TorchDevice = device }, data)
            : OfModel(path, data, batchSize, context, cancellation);
    }

    /// <summary>Soft labels [n, classes] of normalised images [n, channels, height, width].</summary>
    internal Tensor SoftLabels(Tensor images)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        return F.softmax(_logits(ImageBatches.Resize(images, _resolution)), 1).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var owned in _owned)
            owned.Dispose();
    }

    private static Teacher OfRun(NasRun run, DataSplits data)
    {
        var checkpoint = run.ReadCheckpoint();
        var space = checkpoint.Space;
        RequireFitting(run.Folder.Path, data, space.InputChannels, space.Classes);
        using var evaluator = new RunEvaluator(run, checkpoint, data);
        var subnet = evaluator.Calibrate(space.PlanOf(space.Largest));
        return new Teacher(
            new InputReference(checkpoint.Path, checkpoint.Hash), subnet.Plan.Input.Height, subnet.Forward, subnet);
    }

    private static Teacher OfModel(
        string path, DataSplits data, int batchSize, RunContext context, CancellationToken cancellation)
    {
        if (!File.Exists(path))
            throw new InputException($"The teacher '{path}' does not exist: it is an ONNX model, or the folder of a run.");
        var runtime = new RuntimeRequest { Batch = batchSize };
        var foreign = context.Models?.Open(path, runtime, cancellation);
        var session = foreign is null ? OnnxSession.Open(path, runtime) : null;
        var (taken, given) = (foreign?.InputLength ?? session!.InputLength, foreign?.OutputLength ?? session!.Output.Length);
        var channels = data.Training.Shape.Channels;
        var side = (int)Math.Sqrt((double)taken / batchSize / channels);
        var teacher = new Teacher(
            new InputReference(path, ContentHash.OfFile(path)), side, Logits, (IDisposable?)foreign ?? session!);
        var takesPixels = foreign?.TakesPixels ?? session!.TakesPixels;
        if (!takesPixels && (long)batchSize * channels * side * side == taken && given == batchSize * data.Classes.Length)
            return teacher;
        teacher.Dispose();
        if (takesPixels)
            throw new InputException($"The teacher '{path}' takes bytes of pixels. Export it without --uint8-input.");
        throw new InputException(
            $"The teacher '{path}' takes {taken / batchSize} values of an image and gives {given / batchSize}; squares of "
            + $"{Plural.Of(channels, "channel")} and {Plural.Of(data.Classes.Length, "class", "classes")} are needed.");

        Tensor Logits(Tensor images)
        {
            using var here = images.cpu();
            using var contiguous = here.contiguous();
            var values = MemoryMarshal.Cast<byte, float>(contiguous.bytes).ToArray();
            var logits = foreign?.Logits(values) ?? OnnxClassifier.Logits(session!, values);
            return logits.Length == 0 || !Array.TrueForAll(logits, float.IsFinite)
                ? throw new InputException($"The teacher '{path}' gives values that are no numbers. Choose another one.")
                : tensor(logits, [images.shape[0], data.Classes.Length], device: images.device);
        }
    }

    private static void RequireFitting(string path, DataSplits data, int channels, int classes)
    {
        if (channels != data.Training.Shape.Channels || classes != data.Classes.Length)
        {
            throw new InputException(
                $"The teacher '{path}' is for {Plural.Of(channels, "channel")} and {Plural.Of(classes, "class", "classes")}, but "
                + $"{data.Name} has {data.Training.Shape.Channels} and {data.Classes.Length}. Choose another one.");
        }
    }
}
