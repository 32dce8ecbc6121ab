using System.Collections.Immutable;
using HwNas.Core;
using HwNas.Core.Devices;
using HwNas.Core.Devices.Measurement;
using HwNas.Core.Files;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace HwNas.Onnx.Runtime;

/// <summary>
/// One loaded model with one input, of floats or of bytes, and one float output, both allocated once and bound, so that a
/// run allocates nothing. Not thread-safe: a session has one input and one output.
/// </summary>
public sealed class OnnxSession : IDisposable
{
    // Of a message in protobuf.
    private const long MostBytes = int.MaxValue;

    // No tensor of a network that HwNas makes comes near this; what does is refused before memory is taken.
    private const long MaxElements = 1L << 28;

    // Weights in other files would be looked for in whatever folder the process runs in, outside every hash.
    private const string NoFolderName = "no-weights-outside-the-model";
    private static readonly string NoFolder = Path.Combine(AppContext.BaseDirectory, NoFolderName);

    private readonly InferenceSession _session;
    private readonly RunOptions _runOptions = new();
    private readonly OrtIoBinding _binding;
    private readonly OrtValue _input;
    private readonly OrtValue _output;

    private OnnxSession(InferenceSession session, string origin, int batch)
    {
        _session = session;
        Origin = origin;
        Batch = batch;
        (InputName, InputShape) = Single("input", session.InputMetadata, TensorElementType.Float, TensorElementType.UInt8);
        (OutputName, OutputShape) = Single("output", session.OutputMetadata, TensorElementType.Float);
        TakesPixels = session.InputMetadata[InputName].ElementDataType == TensorElementType.UInt8;
        InputLength = (int)InputShape.Aggregate((product, size) => product * size);
        _input = Allocate(InputShape, session.InputMetadata[InputName].ElementDataType);
        _output = Allocate(OutputShape, TensorElementType.Float);
        if (TakesPixels)
            Pixels.Clear();
        else
            Input.Clear();
        _binding = session.CreateIoBinding();
        _binding.BindInput(InputName, _input);
        _binding.BindOutput(OutputName, _output);
    }

    /// <summary>Where the model came from; names it in errors.</summary>
    public string Origin { get; }

    /// <summary>Images in one run.</summary>
    public int Batch { get; }

    /// <summary>Name of the input.</summary>
    public string InputName { get; }

    /// <summary>Shape of the input, batch first; every size is positive.</summary>
    public ImmutableArray<long> InputShape { get; }

    /// <summary>Name of the output.</summary>
    public string OutputName { get; }

    /// <summary>Shape of the output, batch first; every size is positive.</summary>
    public ImmutableArray<long> OutputShape { get; }

    /// <summary>Whether it takes the bytes of pixels, and no floats.</summary>
    public bool TakesPixels { get; }

    /// <summary>Number of input values of one run.</summary>
    public int InputLength { get; }

    /// <summary>The input values of a model that takes floats, row-major; fill them before <see cref="Run"/>.</summary>
    public Span<float> Input => _input.GetTensorMutableDataAsSpan<float>();

    /// <summary>The input values of a model that takes bytes, row-major; fill them before <see cref="Run"/>.</summary>
    public Span<byte> Pixels => _input.GetTensorMutableDataAsSpan<byte>();

    /// <summary>The output values of the last <see cref="Run"/>, row-major.</summary>
    public ReadOnlySpan<float> Output => _output.GetTensorDataAsSpan<float>();

    /// <summary>Loads a model file.</summary>
    /// <exception cref="InputException">The file is missing, no ONNX model, or not of one such input and output.</exception>
    /// <exception cref="MissingDependencyException">The native library cannot be loaded.</exception>
    public static OnnxSession Open(string path, RuntimeRequest settings) => Open(ReadModel(path), path, settings);

    internal static byte[] ReadModel(string path) => File.Exists(path)
        ? InputFile.ReadBytes(path, MostBytes)
        : throw new InputException($"The model '{path}' does not exist. Check the path, or export one with `hwnas export`.");

    /// <summary>Loads a model from the bytes of its file; <paramref name="origin"/> names it in errors.</summary>
    /// <exception cref="InputException">The bytes are no ONNX model, or it is not of one such input and output.</exception>
    /// <exception cref="MissingDependencyException">The native library cannot be loaded.</exception>
    public static OnnxSession Open(byte[] model, string origin, RuntimeRequest settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.Batch, 1, nameof(settings));
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.IntraOpThreads, 1, nameof(settings));
        OnnxEnvironment.Get();
        try
        {
            using var options = Options(settings);
            var session = new InferenceSession(model, options);
            try
            {
                return new OnnxSession(session, origin, settings.Batch);
            }
            catch
            {
                session.Dispose();
                throw;
            }
        }
        catch (OnnxRuntimeException error) when (error.Message.Contains(NoFolderName, StringComparison.Ordinal))
        {
            throw new InputException($"The model '{origin}' keeps weights in other files. Export it again, in one file.", error);
        }
        catch (OnnxRuntimeException error)
        {
            throw new InputException(
                $"ONNX Runtime cannot load the model '{origin}': {Sentence.Of(error)} Export it again.", error);
        }
    }

    /// <summary>Fills the first input values, as floats or as bytes.</summary>
    public void Feed(ReadOnlySpan<float> values)
    {
        if (!TakesPixels)
        {
            values.CopyTo(Input);
            return;
        }

        var pixels = Pixels;
        for (var i = 0; i < values.Length; i++)
            pixels[i] = (byte)Math.Clamp(MathF.Round(values[i]), byte.MinValue, byte.MaxValue);
    }

    /// <summary>Fills the input with what is no extreme, for timing.</summary>
    public void FeedGrey()
    {
        if (TakesPixels)
            Pixels.Fill(128);
        else
            Input.Fill(0.5f);
    }

    /// <summary>Runs the model on its input; the result is in <see cref="Output"/>.</summary>
    /// <exception cref="InputException">The runtime refuses to run the model.</exception>
    public void Run()
    {
        try
        {
            _session.RunWithBinding(_runOptions, _binding);
        }
        catch (OnnxRuntimeException error)
        {
            throw new InputException($"ONNX Runtime cannot run the model '{Origin}': {error.Message}", error);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _binding?.Dispose();
        _input?.Dispose();
        _output?.Dispose();
        _runOptions.Dispose();
        _session.Dispose();
    }

    private static SessionOptions Options(RuntimeRequest settings)
    {
        var options = new SessionOptions
        {
            IntraOpNumThreads = settings.IntraOpThreads,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
            GraphOptimizationLevel = settings.GraphLevel switch
            {
                GraphLevel.None => GraphOptimizationLevel.ORT_DISABLE_ALL,
                GraphLevel.Basic => GraphOptimizationLevel.ORT_ENABLE_BASIC,
                GraphLevel.Extended => GraphOptimizationLevel.ORT_ENABLE_EXTENDED,
                _ => GraphOptimizationLevel.ORT_ENABLE_ALL,
            },
        };
        // Threads that spin burn the time of the next model, and of everything else on the machine.
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        options.AddSessionConfigEntry("session.inter_op.allow_spinning", "0");
        options.AddSessionConfigEntry("session.use_env_allocators", "1");
        options.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", NoFolder);
        options.AddFreeDimensionOverrideByName("batch", settings.Batch);
        if (settings.Provider != OnnxEnvironment.CpuProvider)
            OnnxEnvironment.AppendProvider(options, settings.Provider);
        return options;
    }

    private static OrtValue Allocate(ImmutableArray<long> shape, TensorElementType type) =>
        OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, type, [.. shape]);

    private (string Name, ImmutableArray<long> Shape) Single(
        string what, IReadOnlyDictionary<string, NodeMetadata> values, params ReadOnlySpan<TensorElementType> types)
    {
        if (values.Count != 1)
        {
            throw new InputException(
                $"The model '{Origin}' has {values.Count} {what}s; HwNas runs models with one. Export it with `hwnas export`.");
        }

        var (name, value) = values.Single();
        if (!value.IsTensor || !types.Contains(value.ElementDataType))
        {
            throw new InputException(
                $"The {what} '{name}' of the model '{Origin}' is no tensor of 32-bit floats"
                + $"{(types.Length > 1 ? " or unsigned bytes" : "")}. Export it with `hwnas export`.");
        }

        ImmutableArray<long> shape = [.. value.Dimensions.Select(size => (long)size)];
        if (shape.Length is < 2 or > 4
            || shape.Any(size => size < 1)
            || shape.Aggregate(1.0, (product, size) => product * size) > MaxElements)
        {
            throw new InputException(
                $"The {what} '{name}' of the model '{Origin}' has shape [{string.Join(", ", shape)}]; "
                + "sizes must be known (all but the batch) and moderate.");
        }

        if (shape[0] != Batch)
        {
            throw new InputException(
                $"The {what} '{name}' of the model '{Origin}' has batch size {shape[0]}, but {Batch} was asked for.");
        }

        return (name, shape);
    }
}
