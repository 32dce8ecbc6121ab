using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace HwNas.Onnx.Export;

/// <summary>How the ranges of activations follow from what they are on calibration images.</summary>
public enum RangeRule
{
    /// <summary>All that was seen.</summary>
    MinMax,

    /// <summary>All but the rarest: outliers are cut off, so that steps become finer for the rest.</summary>
    Percentile,
}

/// <summary>What quantisation cost, measured by ONNX Runtime on the models themselves.</summary>
/// <param name="Ranges">How ranges were chosen.</param>
/// <param name="CalibrationImages">Training images that showed them.</param>
/// <param name="Images">Validation images on which both models were judged.</param>
/// <param name="Fp32Top1Percent">Accuracy of the network in 32-bit floats, in percent.</param>
/// <param name="Top1Percent">Accuracy of the quantised one, in percent.</param>
/// <param name="LossPoints">Their difference, in percentage points.</param>
/// <param name="LossStandardErrorPoints">
/// Its standard error: of a difference between models on the same images, which is less than that of either.
/// </param>
/// <param name="Layers">Convolutions and linear layers.</param>
/// <param name="FloatLayers">Those that stay in float.</param>
/// <param name="FloatBlocks">The blocks that stay in float, by name, those that lose most first.</param>
public sealed record QuantizationReport(
    RangeRule Ranges,
    int CalibrationImages,
    int Images,
    double Fp32Top1Percent,
    double Top1Percent,
    double LossPoints,
    double LossStandardErrorPoints,
    int Layers,
    int FloatLayers,
    ImmutableArray<string> FloatBlocks)
{
    /// <summary>Standard error of <see cref="Top1Percent"/>, in percentage points.</summary>
    [JsonIgnore]
    public double StandardErrorPercent => Math.Sqrt(Top1Percent * (100 - Top1Percent) / Images);

    /// <summary>One line for a person.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"int8 {Top1Percent:F2} %, fp32 {Fp32Top1Percent:F2} %: {-LossPoints:+0.00;-0.00;0.00} points ± ")
        + FormattableString.Invariant($"{1.96 * LossStandardErrorPoints:F2} on {Images} validation images; ")
        + FormattableString.Invariant($"{FloatLayers} of {Layers} layers in float");
}
