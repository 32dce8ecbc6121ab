using HwNas.Core;
using HwNas.Onnx.Export;

namespace HwNas.Onnx.Quantization;

/// <summary>How a network is quantised after its training.</summary>
public sealed record QuantizationOptions
{
    private const int MostImages = 100_000;

    /// <summary>How ranges are chosen.</summary>
    public RangeRule Ranges { get; init; } = RangeRule.MinMax;

    /// <summary>The percentage of values that a range holds, with <see cref="RangeRule.Percentile"/>.</summary>
    public double Percentile { get; init; } = 99.99;

    /// <summary>Training images that show the ranges, 1 or more.</summary>
    public int CalibrationImages { get; init; } = 512;

    /// <summary>Whether biases take back what rounding weights does to means.</summary>
    public bool CorrectsBias { get; init; } = true;

    /// <summary>
    /// Points of accuracy on the validation images that may be lost before the blocks that lose most stay in float, 0 or more.
    /// </summary>
    public double MaxLossPoints { get; init; } = 0.3;

    /// <summary>Threads.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>The share of values that a range holds.</summary>
    internal double Share => Ranges == RangeRule.MinMax ? 1 : Percentile / 100;

    /// <exception cref="InputException">A value is out of range.</exception>
    public void Check()
    {
        if (CalibrationImages is < 1 or > MostImages)
            throw new InputException($"--calibration-images {CalibrationImages} is not in 1..{MostImages}.");
        if (MaxLossPoints is not (>= 0 and <= 100))
            throw new InputException($"--max-loss {MaxLossPoints} is not in 0..100.");
    }
}
