using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using HwNas.Core;
using HwNas.Core.Data;
using HwNas.Core.Devices;
using HwNas.Core.Files;
using HwNas.Core.Graphs;
using HwNas.Core.Search;

namespace HwNas.Onnx.Export;

/// <summary>
/// What is known of an exported model (<c>model.json</c> beside <c>model.onnx</c>): where it comes from, how to feed it, what
/// was predicted and what was measured.
/// </summary>
public sealed record ModelCard
{
    /// <summary>The schema of model cards.</summary>
    public const string CurrentSchema = "hwnas/model-card/5";

    // The first does not name the data, and its normalisation is of one channel; both have three counts in place of all costs.
    // The third does not name the search. Up to the fourth all models are of one form.
    private static readonly string[] OlderSchemas =
        ["hwnas/model-card/1", "hwnas/model-card/2", "hwnas/model-card/3", "hwnas/model-card/4"];

    private const double NotableChange = 0.1;

    /// <summary>Always <see cref="CurrentSchema"/>.</summary>
    public string Schema { get; init; } = CurrentSchema;

    /// <summary>The version of HwNas that exported.</summary>
    public required string ToolVersion { get; init; }

    /// <summary>The model file, by name and hash.</summary>
    public required InputReference Model { get; init; }

    /// <summary>The form in which the network is written: what it takes and gives, and its number format.</summary>
    public ModelForm Form { get; init; } = new();

    /// <summary>The search space.</summary>
    public required InputReference Space { get; init; }

    /// <summary>The checkpoint that the weights come from.</summary>
    public required InputReference Supernet { get; init; }

    /// <summary>
    /// The images that it was trained on, by name and hash of pixels and labels; null in cards of an older version.
    /// </summary>
    public InputReference? Data { get; init; }

    /// <summary>
    /// The search that found it, by its name and the hash of its front; null in cards of an older version.
    /// </summary>
    public InputReference? Search { get; init; }

    /// <summary>Canonical id of the architecture.</summary>
    public required string Architecture { get; init; }

    /// <summary>
    /// Side of the square input, in pixels; images of other sides are resized by cubic convolution (a = −1/2,
    /// anti-aliased), each side by itself.
    /// </summary>
    public required int Resolution { get; init; }

    /// <summary>How pixels become the input: (pixel / 255 − mean) / deviation, for each channel.</summary>
    public required Normalisation Normalisation { get; init; }

    /// <summary>The classes' names, in the order of the logits.</summary>
    public required ImmutableArray<string> Classes { get; init; }

    /// <summary>Accuracy on the validation split, in percent: in the search, or of an int8 model in ONNX Runtime.</summary>
    public required double ValidationTop1Percent { get; init; }

    /// <summary>Its standard error, in percentage points.</summary>
    public required double ValidationStandardErrorPercent { get; init; }

    /// <summary>What quantisation cost; null where the model is not of int8.</summary>
    public QuantizationReport? Quantization { get; init; }

    /// <summary>Of a backbone its outputs, in order of execution; else none.</summary>
    public ImmutableArray<FeatureTap> Taps { get; init; } = [];

    /// <summary>The metrics that are known without evaluation, by name: counts, and those of the search.</summary>
    public required ImmutableSortedDictionary<string, double> Costs { get; init; }

    /// <summary>Latency that the search predicted on each device, by its id.</summary>
    public required ImmutableSortedDictionary<string, LatencyEstimate> PredictedLatencyUs { get; init; }

    /// <summary>What was measured on the exported file; empty until <c>hwnas verify</c>.</summary>
    public ImmutableArray<ModelVerification> Verifications { get; init; } = [];

    /// <summary>Hash over the canonical form; set when written.</summary>
    public string Hash { get; init; } = "";

    /// <summary>Where the card of a model lies: beside it, with the ending <c>.json</c>.</summary>
    public static string PathFor(string modelPath) => Path.ChangeExtension(modelPath, ".json");

    /// <summary>Reads a card.</summary>
    /// <exception cref="InputException">The file is missing, damaged or of another schema.</exception>
    public static ModelCard Read(string path)
    {
        var card = StrictJson.ReadFile<ModelCard>(path, CurrentSchema, OlderSchemas, Upgrade);
        _ = card.Normalisation.Checked(path);
        return card.Hash.Length > 0
            ? card with { Schema = CurrentSchema }
            : throw new InputException($"'{path}' carries no hash; it was edited. Export the model again.");
    }

    /// <summary>
    /// How a verification differs from the earlier one on the same device and runtime, readable; null where it does not.
    /// </summary>
    public string? ChangeOf(ModelVerification now)
    {
        ArgumentNullException.ThrowIfNull(now);
        return Verifications.FirstOrDefault(v => v.Device == now.Device && v.Runtime == now.Runtime) is { } before
            && Math.Abs((now.MeasuredUs / before.MeasuredUs) - 1) > NotableChange
            && (now.MeasuredLowUs > before.MeasuredHighUs || now.MeasuredHighUs < before.MeasuredLowUs)
            ? FormattableString.Invariant($"'{Model.Name}' took {before.MeasuredUs:F1} µs when it was verified before, and ")
                + FormattableString.Invariant($"takes {now.MeasuredUs:F1} µs now: the device runs at another speed, or beside ")
                + "other work."
            : null;
    }

    /// <summary>The card with a verification in the place of an earlier one on the same device.</summary>
    public ModelCard With(ModelVerification verification) =>
        this with { Verifications = [.. Verifications.Where(v => v.Device != verification.Device), verification] };

    private static void Upgrade(JsonObject older)
    {
        // Always fp32.
        older.Remove("precision");
        if (older.ContainsKey("costs"))
            return;
        var costs = new JsonObject();
        foreach (var name in (string[])["macs", "params", "peak_activation_bytes"])
        {
            if (older.Remove(name, out var value))
                costs.Add(name, value);
        }

        older["costs"] = costs;
    }
}

/// <summary>What was measured on an exported model.</summary>
/// <param name="Device">The device's id.</param>
/// <param name="Runtime">The runtime and its configuration, readable.</param>
/// <param name="TestImages">Number of test images.</param>
/// <param name="TestTop1Percent">Accuracy on them, in percent.</param>
/// <param name="Agreement">Agreement with the supernet's own output; null where there was no supernet.</param>
/// <param name="PredictedUs">Latency that the device's profile predicts, in microseconds; null without a profile.</param>
/// <param name="MeasuredUs">Measured median latency, in microseconds.</param>
/// <param name="MeasuredLowUs">Lower end of its 95 % interval.</param>
/// <param name="MeasuredHighUs">Upper end of its 95 % interval.</param>
public sealed record ModelVerification(
    string Device,
    string Runtime,
    int TestImages,
    double TestTop1Percent,
    ModelAgreement? Agreement,
    double? PredictedUs,
    double MeasuredUs,
    double MeasuredLowUs,
    double MeasuredHighUs)
{
    /// <summary>Lower end of the prediction's 95 % interval; null where none is known.</summary>
    public double? PredictedLowUs { get; init; }

    /// <summary>Upper end of the prediction's 95 % interval; null where none is known.</summary>
    public double? PredictedHighUs { get; init; }

    /// <summary>What disturbed the measurement, readable; empty when all is well.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];

    /// <summary>
    /// Whether the intervals of measurement and prediction meet; null where no interval was predicted.
    /// </summary>
    [JsonIgnore]
    public bool? KeepsPrediction => PredictedLowUs is { } low && PredictedHighUs is { } high
        ? MeasuredHighUs >= low && MeasuredLowUs <= high
        : null;
}

/// <summary>How well an exported model agrees with the supernet.</summary>
/// <param name="Images">Number of test images compared.</param>
/// <param name="SameClassPercent">Share on which both choose the same class, in percent.</param>
/// <param name="MaxLogitDifference">Largest absolute difference of two logits, or probabilities where the model gives
/// those.</param>
public sealed record ModelAgreement(int Images, double SameClassPercent, double MaxLogitDifference);
