using Google.Protobuf;
using HwNas.Core.Data;
using HwNas.Core.Devices.Measurement;
using HwNas.Core.Graphs;
using HwNas.Onnx.Export;
using HwNas.Onnx.Runtime;

namespace HwNas.Onnx.Quantization;

/// <summary>
/// A trained subnet in 8-bit integers, without further training: ranges from calibration images, a scale for each output
/// channel of the weights, corrected biases; blocks that lose too much stay in float. What it costs is measured by ONNX
/// Runtime on the quantised model.
/// </summary>
public sealed class QuantizedNetwork
{
    private const int JudgedAtOnce = 100;

    private readonly SubnetWeights _weights;
    private readonly NetworkPlan _plan;
    private readonly QuantizationOptions _options;
    private readonly ActivationStatistics _statistics;
    private IReadOnlyCollection<string> _floatBlocks = [];

    private QuantizedNetwork(SubnetWeights weights, QuantizationOptions options, ActivationStatistics statistics)
    {
        (_weights, _options, _statistics) = (weights, options, statistics);
        _plan = BatchNormFolding.Fold(weights.Plan);
    }

    /// <summary>What quantisation cost.</summary>
    public QuantizationReport Report { get; private set; } = null!;

    /// <summary>Quantises a subnet.</summary>
    /// <param name="weights">The subnet with calibrated batch norm.</param>
    /// <param name="calibration">Training images, which show the ranges of activations; evenly spaced ones are taken.</param>
    /// <param name="judged">Validation images, on which accuracy is measured.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellation">Ends it.</param>
    public static QuantizedNetwork Create(
        SubnetWeights weights, LabelledImages calibration, LabelledImages judged, QuantizationOptions options,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(calibration);
        ArgumentNullException.ThrowIfNull(judged);
        ArgumentNullException.ThrowIfNull(options);
        var model = OnnxModelWriter.Network(weights, new ModelForm());
        var shown = Math.Min(options.CalibrationImages, calibration.Count);
        var images = calibration.Select(
            calibration.Name, [.. Enumerable.Range(0, shown).Select(i => (int)((long)i * calibration.Count / shown))]);
        var resolution = weights.Plan.Input.Height;
        var statistics = ActivationStatistics.Measure(
            model, new NetworkInputs(images, resolution).Read, shown, options.Threads, cancellation);
        var network = new QuantizedNetwork(weights, options, statistics);
        network.Report = network.KeepFloatWhatHurts(
            model, new NetworkInputs(images, resolution), shown, new NetworkInputs(judged, resolution), judged, cancellation);
        return network;
    }

    /// <summary>Writes it to <paramref name="path"/>, atomically, in the form that its metadata tell: one of int8.</summary>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <param name="metadata">What the model tells about itself.</param>
    /// <exception cref="Core.InputException">The file cannot be written.</exception>
    public void WriteFile(string path, OnnxModelMetadata metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        OnnxModelWriter.WriteFile(path, Model(metadata));
    }

    /// <summary>The quantised network as a model.</summary>
    internal ModelProto Model(OnnxModelMetadata metadata) =>
        OnnxModelWriter.Model(_weights, metadata, exact => Quantize(exact, _floatBlocks));

    private ModelProto Quantize(ModelProto model, IReadOnlyCollection<string> floatBlocks)
    {
        bool KeepsFloat(NodeProto node) =>
            floatBlocks.Any(block => node.Name.StartsWith(block + ".", StringComparison.Ordinal));
        ActivationRange RangeOf(string value, string? operation) => _statistics.RangeOf(value, _options.Share);
        return QdqModel.Of(
            _options.CorrectsBias ? BiasCorrection.Of(model, _statistics, RangeOf, KeepsFloat) : model, RangeOf, KeepsFloat);
    }

    // Blocks are ranked by what quantising each alone does to the logits; the worst stay in float, twice as many each time,
    // until the loss is bearable.
    private QuantizationReport KeepFloatWhatHurts(
        ModelProto model, NetworkInputs shown, int shownImages, NetworkInputs inputs, LabelledImages judged,
        CancellationToken cancellation)
    {
        var exact = Right(model, inputs, judged, cancellation);
        List<string>? ranked = null;
        for (var kept = 0; ; kept = Math.Max(1, 2 * kept))
        {
            if (kept > 0)
                _floatBlocks = [.. (ranked ??= RankedBlocks(model, shown, shownImages, cancellation)).Take(kept)];
            var report = ReportOf(exact, Right(Quantize(model, _floatBlocks), inputs, judged, cancellation));
            if (report.LossPoints <= _options.MaxLossPoints || kept >= _plan.Blocks.Length)
                return report;
        }
    }

    private List<string> RankedBlocks(ModelProto model, NetworkInputs shown, int images, CancellationToken cancellation)
    {
        var exact = Logits(model, shown, images, cancellation);
        var names = _plan.Blocks.Select(block => block.Name).ToList();
        return
        [
            .. names.OrderByDescending(name =>
                Logits(Quantize(model, [.. names.Where(other => other != name)]), shown, images, cancellation)
                    .Zip(exact, (rounded, whole) => (rounded - whole) * (rounded - whole)).Sum()),
        ];
    }

    private QuantizationReport ReportOf(bool[] exact, bool[] rounded)
    {
        var count = exact.Length;
        var lost = exact.Zip(rounded).Count(image => image.First && !image.Second);
        var won = exact.Zip(rounded).Count(image => !image.First && image.Second);
        double difference = lost - won;
        var floatBlocks = _plan.Blocks.Where(block => _floatBlocks.Contains(block.Name));
        return new QuantizationReport(
            _options.Ranges, _options.CalibrationImages, count, 100.0 * exact.Count(right => right) / count,
            100.0 * rounded.Count(right => right) / count, 100 * difference / count,
            100 * Math.Sqrt(lost + won - (difference * difference / count)) / count,
            _plan.Blocks.Sum(LayersOf), floatBlocks.Sum(LayersOf), [.. _floatBlocks]);
    }

    private static int LayersOf(Block block) => block.Nodes.Count(node => node.Operation is Convolution or Linear);

    private bool[] Right(ModelProto model, NetworkInputs inputs, LabelledImages judged, CancellationToken cancellation) =>
    [
        .. OnnxClassifier.Classes(Logits(model, inputs, judged.Count, cancellation), _plan.Classes)
            .Zip(judged.Labels, (found, label) => found == label),
    ];

    private float[] Logits(ModelProto model, NetworkInputs inputs, int images, CancellationToken cancellation)
    {
        using var session = OnnxSession.Open(
            model.ToByteArray(), _plan.Id, new RuntimeRequest { Batch = JudgedAtOnce, IntraOpThreads = _options.Threads });
        var logits = new List<float>(images * _plan.Classes);
        for (var first = 0; first < images; first += JudgedAtOnce)
        {
            cancellation.ThrowIfCancellationRequested();
            logits.AddRange(OnnxClassifier.Logits(session, inputs.Read(first, Math.Min(JudgedAtOnce, images - first))));
        }

        return [.. logits];
    }
}
