using System.Globalization;
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
