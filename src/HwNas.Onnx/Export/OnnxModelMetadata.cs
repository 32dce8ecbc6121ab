using System.Collections.Immutable;
using System.Globalization;
using HwNas.Core;
using HwNas.Core.Data;
using HwNas.Core.Files;

namespace HwNas.Onnx.Export;

/// <summary>What an exported model tells about itself, in the file's own metadata properties (<c>hwnas.*</c>).</summary>
public sealed record OnnxModelMetadata
{
    private const string Prefix = "hwnas.";

    /// <summary>Name of the search space.</summary>
    public required string Space { get; init; }

    /// <summary>Hash of the search space's table.</summary>
    public required string SpaceHash { get; init; }

    /// <summary>Canonical id of the architecture.</summary>
    public required string Architecture { get; init; }

    /// <summary>Accuracy on the validation split, in percent; null when it was not measured.</summary>
    public double? ValidationTop1Percent { get; init; }

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

    /// <summary>Precision of weights and activations, <c>fp32</c> or <c>int8</c>.</summary>
    public string Precision { get; init; } = "fp32";

    /// <summary>Version of HwNas that wrote the model.</summary>
    public string Version { get; init; } = ToolVersion.Text;

    /// <summary>Reads the metadata of a model.</summary>
    /// <param name="properties">The model's metadata properties.</param>
    /// <param name="origin">Names the model in errors.</param>
    /// <exception cref="InputException">A property is missing or no number; the model was not written by HwNas.</exception>
    public static OnnxModelMetadata Read(IReadOnlyDictionary<string, string> properties, string origin)
    {
        ArgumentNullException.ThrowIfNull(properties);
        return new OnnxModelMetadata
        {
            Space = Text("space"),
            SpaceHash = Text("space_hash"),
            Architecture = Text("architecture"),
            ValidationTop1Percent = properties.ContainsKey(Prefix + "validation_top1_percent")
                ? Number("validation_top1_percent")
                : null,
            Macs = Count("macs"),
            Params = Count("params"),
            Resolution = (int)Count("resolution", int.MaxValue),
            Classes = (int)Count("classes", int.MaxValue),
            ClassNames = properties.GetValueOrDefault(Prefix + "class_names"),
            Normalisation = new Normalisation(Numbers("normalisation_mean"), Numbers("normalisation_deviation")).Checked(origin),
            Precision = Text("precision"),
            Version = Text("version"),
        };

        string Text(string key) => properties.TryGetValue(Prefix + key, out var value)
            ? value
            : throw new InputException(
                $"'{origin}' has no metadata '{Prefix}{key}': it was not exported by hwnas. Export it with `hwnas export`.");

        long Count(string key, long largest = 1L << 50) =>
            long.TryParse(Text(key), NumberStyles.None, CultureInfo.InvariantCulture, out var value)
                && value > 0
                && value <= largest
                ? value
                : throw Wrong(key, "a positive whole number");

        double Number(string key) => Numbers(key) is [var number] ? number : throw Wrong(key, "a number");

        ImmutableArray<double> Numbers(string key) =>
        [
            .. Text(key)
                .Split(',')
                .Select(text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
                    && double.IsFinite(value)
                    ? value
                    : throw Wrong(key, "a number")),
        ];

        InputException Wrong(string key, string what) =>
            new($"'{origin}' has metadata '{Prefix}{key}' = '{Text(key)}', which is not {what}. Export the model again.");
    }

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
            ("precision", Precision),
            ("version", Version),
        };
        if (ValidationTop1Percent is { } top1)
            pairs.Add(("validation_top1_percent", Format(top1)));
        if (ClassNames is not null)
            pairs.Add(("class_names", ClassNames));
        return pairs.Select(pair => KeyValuePair.Create(Prefix + pair.Key, pair.Value));
    }

    private static string Format(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
