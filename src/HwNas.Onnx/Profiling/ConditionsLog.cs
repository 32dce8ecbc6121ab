using HwNas.Core.Devices;

namespace HwNas.Onnx.Profiling;

/// <summary>The state of this machine from the begin of a measurement to its end.</summary>
internal sealed class ConditionsLog(TimeProvider clock)
{
    private readonly DateTimeOffset _start = clock.GetUtcNow();
    private readonly double? _throttles = CpuFolder.System.ThrottleCount();
    private readonly double? _load = DeviceProbe.Load();
    private readonly double? _mhz = DeviceProbe.Mhz();
    private readonly double? _celsius = DeviceProbe.Celsius();

    public MeasurementConditions Close(double wallCpuRatio)
    {
        var (mhz, celsius) = (DeviceProbe.Mhz(), DeviceProbe.Celsius());
        return new MeasurementConditions(
            _start, clock.GetUtcNow(), DeviceProbe.Governor(),
            Least(_mhz, mhz), Most(_mhz, mhz), Least(_celsius, celsius), Most(_celsius, celsius),
            Throttled: CpuFolder.System.ThrottleCount() is { } throttles ? throttles > _throttles : null,
            _load, DeviceProbe.Load(), wallCpuRatio);
    }

    private static double? Least(double? first, double? second) =>
        first is null || second is null ? first ?? second : Math.Min(first.Value, second.Value);

    private static double? Most(double? first, double? second) =>
        first is null || second is null ? first ?? second : Math.Max(first.Value, second.Value);
}
