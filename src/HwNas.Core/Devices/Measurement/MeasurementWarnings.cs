using System.Globalization;
using HwNas.Core.Statistics;

namespace HwNas.Core.Devices.Measurement;

/// <summary>What disturbed a measurement, as far as its clocks tell.</summary>
public static class MeasurementWarnings
{
    private const double DriftPercent = 5;

    // An empty run so much slower or faster than before tells of another clock frequency, or of a shared core.
    private const double OverheadRatio = 1.25;

    /// <summary>Other work, and drift.</summary>
    /// <param name="wallCpuRatio">Elapsed over CPU time of the samples; 0 without a CPU clock.</param>
    /// <param name="source">The clock of the figures.</param>
    /// <param name="driftPercent">Change of the networks' times from the first to the last third of the passes.</param>
    /// <param name="throttled">Whether the processor reported throttling.</param>
    public static IEnumerable<string> Of(double wallCpuRatio, TimeSource source, double driftPercent, bool throttled)
    {
        if (source == TimeSource.Cpu)
        {
            yield return $"Other work took the processor ({wallCpuRatio:F2} times more elapsed than CPU time): "
                + "the figures are CPU time, the latency on a quiet device.";
        }

        if (source == TimeSource.Wall && wallCpuRatio > 1.5)
            yield return $"Other work may have taken the processor (elapsed over CPU time {wallCpuRatio:F2}).";
        if (wallCpuRatio == 0)
            yield return "The device has no clock of CPU time: other work on it lengthens the figures unseen.";
        if (Math.Abs(driftPercent) > DriftPercent)
        {
            yield return $"Whole networks drifted by {driftPercent:+0.0;-0.0} % while measuring: the device changed its speed.";
        }

        if (throttled)
            yield return "Heat slowed the processor while measuring: cool the device, or measure as it is used.";
    }

    /// <summary>What disturbed the measurement of whole models, and how the device has changed since its profile.</summary>
    /// <param name="record">The measurement.</param>
    /// <param name="profile">The device's profile; null without one.</param>
    public static IEnumerable<string> Of(MeasurementRecord record, DeviceProfile? profile)
    {
        ArgumentNullException.ThrowIfNull(record);
        var samples = record.Samples();
        var ratio = TimeSources.WallCpuRatio(samples);
        var source = record.ClockFor(profile);
        var drift = DriftOf(samples.TakeLast(record.Job.Plan.Nets.Length), source);
        foreach (var warning in Of(ratio, source, drift, record.Conditions.Throttled == true))
            yield return warning;
        if (profile is null || profile.Calibration.OverheadUs <= 0)
            yield break;
        var overheadUs = Quantiles.Median(samples[0].Values(source));
        if (overheadUs / profile.Calibration.OverheadUs is > OverheadRatio or < 1 / OverheadRatio)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"An empty run takes {overheadUs:F2} µs now, and took {profile.Calibration.OverheadUs:F2} µs for the profile: ")
                + "the device runs at another speed, or beside other work. Measure on a quiet machine, or profile it again.";
        }
    }

    /// <summary>Change of networks' times from the first to the last third of the passes, in percent.</summary>
    internal static double DriftOf(IEnumerable<ModelSamples> nets, TimeSource source) => Quantiles.Median(nets.Select(samples =>
    {
        var values = samples.Values(source);
        var third = Math.Max(1, values.Count / 3);
        return 100 * ((Quantiles.Median(values.TakeLast(third)) / Quantiles.Median(values.Take(third))) - 1);
    }));
}
