using System.Text.Json.Serialization;
using HwNas.Core;
using HwNas.Core.Devices;

namespace HwNas.Onnx.Export;

/// <summary>What an exported model gives.</summary>
public enum ModelOutput
{
    /// <summary>A number for each class, before softmax.</summary>
    Logits,

    /// <summary>The probability of each class.</summary>
    Probabilities,

    /// <summary>No classes, but the maps of each stride (<see cref="Core.Graphs.Backbone"/>).</summary>
    Features,
}

/// <summary>The form in which a network is written as a model.</summary>
public sealed record ModelForm
{
    /// <summary>The oldest operator set that has all operations that are written.</summary>
    public const int LeastOpset = 17;

    /// <summary>The newest one that ONNX Runtime takes.</summary>
    public const int GreatestOpset = 26;

    /// <summary>The operator set.</summary>
    public int Opset { get; init; } = LeastOpset;

    /// <summary>Whether the number of images in one run stays open; else it is 1.</summary>
    public bool DynamicBatch { get; init; } = true;

    /// <summary>The bytes of pixels that it takes; null for floats, normalised and resized.</summary>
    public PixelInput? Pixels { get; init; }

    /// <summary>What it gives.</summary>
    public ModelOutput Output { get; init; }

    /// <summary>Number format of weights and activations.</summary>
    public ModelPrecision Precision { get; init; }

    /// <summary>Whether it has no classifier.</summary>
    [JsonIgnore]
    public bool IsBackbone => Output == ModelOutput.Features;

    /// <summary>
    /// What tells files of several forms of a network apart, before the ending: nothing for logits from floats in fp32.
    /// </summary>
    [JsonIgnore]
    public string Suffix => string.Concat(
        IsBackbone ? ".backbone" : "",
        Pixels is null ? "" : ".uint8",
        Precision == ModelPrecision.Fp32 ? "" : $".{Precision.ToString().ToLowerInvariant()}");

    /// <summary>Refuses what cannot be written.</summary>
    /// <exception cref="InputException">The operator set is none of those, or two choices exclude each other.</exception>
    public void Check()
    {
        if (Opset is < LeastOpset or > GreatestOpset)
        {
            throw new InputException(
                $"--opset {Opset} is not in {LeastOpset}..{GreatestOpset}: older ones lack operations, and ONNX Runtime takes "
                + "no newer ones.");
        }

        if (IsBackbone && Precision == ModelPrecision.Int8)
        {
            throw new InputException(
                "Without the classifier nobody knows what int8 costs: --backbone goes with --precision fp32 or fp16.");
        }
    }
}
