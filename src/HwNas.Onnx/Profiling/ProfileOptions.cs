using HwNas.Core;
using HwNas.Core.Devices.Measurement;

namespace HwNas.Onnx.Profiling;

/// <summary>What to profile, and how long.</summary>
public sealed record ProfileOptions
{
    // The fit tries all pairs of networks, and is itself repeated without each.
    private const int MaxCalibrationNets = 50;

    /// <summary>How to run the models.</summary>
    public RuntimeRequest Runtime { get; init; } = new();

    /// <summary>Whole networks on which the scale is fitted. Default 10; at least 3.</summary>
    public int CalibrationNets { get; init; } = 10;

    /// <summary>Whole networks that only judge. Default 20.</summary>
    public int HeldOutNets { get; init; } = 20;

    /// <summary>How long and how precisely to measure.</summary>
    public MeasurementSettings Measurement { get; init; } = new();

    /// <summary>Checks the values.</summary>
    /// <exception cref="InputException">A value is out of range.</exception>
    public void Validate()
    {
        if (Runtime.IntraOpThreads is < 1 or > 1024
            || CalibrationNets is < 3 or > MaxCalibrationNets
            || HeldOutNets is < 0 or > 200)
        {
            throw new InputException(
                $"{Runtime.IntraOpThreads} threads, {CalibrationNets} calibration and {HeldOutNets} held-out networks: "
                + $"1 to 1024 threads, 3 to {MaxCalibrationNets} and 0 to 200 networks are possible.");
        }

        if (Measurement.Problems().FirstOrDefault() is { } problem)
            throw new InputException($"Cannot measure so: {problem}.");
    }
}
