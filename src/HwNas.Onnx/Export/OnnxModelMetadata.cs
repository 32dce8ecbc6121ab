using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using HwNas.Core.Data;
using HwNas.Core.Files;
using HwNas.Core.Graphs;

namespace HwNas.Onnx.Export;

/// <summary>What an exported model tells about itself, in the file's own metadata properties (<c>hwnas.*</c>).</summary>
public sealed record OnnxModelMetadata
{
    private const string Prefix = "hwnas.";

    // 95 % of a normal distribution lie within so many deviations of its mean.
    private const double Normal95 = 1.96;

    /// <summary>Name of the search space.</summary>
    public required string Space { get; init; }

    /// <summary>Hash of the search space's table.</summary>
    public required string SpaceHash { get; init; }

    /// <summary>Canonical id of the architecture.</summary>
    public required string Architecture { get; init; }

    /// <summary>Hash of the checkpoint that the weights come from; null where there was none.</summary>
    public string? SupernetHash { get; init; }

    /// <summary>Hash of the images' pixels and labels; null where they are not known.</summary>
    public string? DataHash { get; init; }

    /// <summary>Accuracy on the validation split, in percent; null when it was not measured.</summary>
    public double? ValidationTop1Percent { get; init; }

    /// <summary>Its standard error, in percentage points.</summary>
    public double? ValidationStandardErrorPercent { get; init; }

    /// <summary>Multiply-accumulates for one image.</summary>
    public required long Macs { get; init; }

    /// <summary>Parameters before folding, batch norm included.</summary>
    public required long Params { get; init; }

    /// <summary>Side of the square input image, in pixels.</summary>
    public required int Resolution { get; init; }

    /// <summary>Number of classes.</summary>
    public required int Classes { get; init; }

    /// <summary>The classes' names in the order of the logits, as a JSON array; null where they are not known.</summary>
    public string? ClassNames { get; init; }

    /// <summary>How pixels become the model's input.</summary>
    public required Normalisation Normalisation { get; init; }

    /// <summary>The form in which the model is written.</summary>
    public ModelForm Form { get; init; } = new();

    /// <summary>Of a backbone the taps.</summary>
    public ImmutableArray<FeatureTap> Taps { get; init; } = [];

    /// <summary>Version of HwNas that wrote the model.</summary>
    public string Version { get; init; } = ToolVersion.Text;

    /// <summary>The properties as written, in a fixed order.</summary>
    internal IEnumerable<KeyValuePair<string, string>> ToProperties()
    {
        var pairs = new List<(string Key, string Value)>
        {
            ("space", Space),
            ("space_hash", SpaceHash),
            ("architecture", Architecture),
            ("macs", Macs.ToString(CultureInfo.InvariantCulture)),
            ("params", Params.ToString(CultureInfo.InvariantCulture)),
            ("resolution", Resolution.ToString(CultureInfo.InvariantCulture)),
            ("classes", Classes.ToString(CultureInfo.InvariantCulture)),
            ("normalisation_mean", string.Join(',', Normalisation.Mean.Select(Format))),
            ("normalisation_deviation", string.Join(',', Normalisation.Deviation.Select(Format))),
            ("precision", Lower(Form.Precision)),
            (
                "input",
                Form.Pixels is { } pixels ? $"uint8 {Lower(pixels.Layout)}, normalised and resized inside" : "float32 nchw"
            ),
            ("output", Lower(Form.Output)),
            ("version", Version),
        };
        Add("supernet_hash", SupernetHash);
        Add("data_hash", DataHash);
        if (ValidationTop1Percent is { } top1)
        {
            Add("validation_top1_percent", Format(top1));
            if (ValidationStandardErrorPercent is { } error)
            {
                var reach = Normal95 * error;
                var (low, high) = (Math.Max(0, top1 - reach), Math.Min(100, top1 + reach));
                Add("validation_top1_95_percent_interval", $"{Format(low)},{Format(high)}");
            }
        }

        Add("class_names", ClassNames);
        if (!Taps.IsEmpty)
            Add("taps", JsonSerializer.Serialize(Taps, StrictJson.LineOptions));
        return pairs.Select(pair => KeyValuePair.Create(Prefix + pair.Key, pair.Value));

        void Add(string key, string? value)
        {
            if (value is not null)
                pairs.Add((key, value));
        }
    }

    private static string Lower<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    private static string Format(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
