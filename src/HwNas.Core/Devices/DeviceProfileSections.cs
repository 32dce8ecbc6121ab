using System.Collections.Immutable;
using System.Text.Json.Serialization;
using HwNas.Core.Devices.Measurement;

namespace HwNas.Core.Devices;

/// <summary>A device. What it does not tell is empty or 0.</summary>
/// <param name="Id">Short id by which budgets and files name it: lower-case letters, digits and hyphens.</param>
/// <param name="Name">Name for people.</param>
/// <param name="Vendor">Who made the processor.</param>
/// <param name="Soc">System on chip.</param>
/// <param name="CpuModel">Model of the processor.</param>
/// <param name="IsaFlags">Instruction sets that matter for networks, sorted.</param>
/// <param name="Cores">Clusters of equal cores.</param>
/// <param name="RamMib">Memory in MiB.</param>
/// <param name="Accelerator">GPU or NPU in use.</param>
/// <param name="Os">Operating system with version.</param>
/// <param name="Kernel">Kernel version.</param>
public sealed record DeviceDescription(
    string Id,
    string Name,
    string Vendor,
    string Soc,
    string CpuModel,
    ImmutableArray<string> IsaFlags,
    ImmutableArray<CoreCluster> Cores,
    long RamMib,
    string Accelerator,
    string Os,
    string Kernel);

/// <summary>Equal cores.</summary>
/// <param name="Count">How many.</param>
/// <param name="MaxMhz">Highest frequency in MHz; 0 if unknown.</param>
public sealed record CoreCluster(int Count, double MaxMhz);

/// <summary>What of a runtime is not part of its key.</summary>
/// <param name="ProviderOptions">Options of the provider.</param>
/// <param name="Spinning">Whether idle worker threads spin.</param>
/// <param name="Affinity">The cores that the threads are bound to; empty if to none.</param>
public sealed record RuntimeDetails(ImmutableSortedDictionary<string, string> ProviderOptions, bool Spinning, string Affinity);

/// <summary>A search space.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Hash">Hash of its table.</param>
public sealed record SpaceReference(string Name, string Hash);

/// <summary>The state of a machine while it was measured. What it does not tell is null.</summary>
/// <param name="StartUtc">Begin.</param>
/// <param name="EndUtc">End.</param>
/// <param name="Governor">Frequency governor.</param>
/// <param name="MinMhz">Lowest frequency seen.</param>
/// <param name="MaxMhz">Highest frequency seen.</param>
/// <param name="MinCelsius">Lowest temperature seen.</param>
/// <param name="MaxCelsius">Highest temperature seen.</param>
/// <param name="Throttled">Whether the processor reported throttling.</param>
/// <param name="LoadAtStart">Processes that wanted a core at the begin (one-minute load average).</param>
/// <param name="LoadAtEnd">The same at the end.</param>
/// <param name="WallCpuRatio">Elapsed over CPU time of the samples; 1 = undisturbed, 0 = the device has no CPU clock.</param>
public sealed record MeasurementConditions(
    DateTimeOffset StartUtc,
    DateTimeOffset EndUtc,
    string? Governor,
    double? MinMhz,
    double? MaxMhz,
    double? MinCelsius,
    double? MaxCelsius,
    bool? Throttled,
    double? LoadAtStart,
    double? LoadAtEnd,
    double WallCpuRatio);

/// <summary>How a device was measured.</summary>
/// <param name="Seed">Seed of the orders and of the networks' choice.</param>
/// <param name="WarmUpPasses">Passes before the measured ones.</param>
/// <param name="Passes">Measured passes; every model ran once in each.</param>
/// <param name="Disturbed">Samples thrown away because something else is known to have run.</param>
/// <param name="Clock">The clock of elapsed time.</param>
/// <param name="ClockResolutionNs">Its resolution in nanoseconds.</param>
/// <param name="Source">The clock whose medians the figures are.</param>
/// <param name="StopReason">Why measuring ended.</param>
/// <param name="PrecisionPercent">Median over the models of half the width of the medians' 95 % confidence intervals, in
/// percent; null if nothing is known of it.</param>
/// <param name="DriftPercent">Change of the networks' times from the first to the last third of the passes, in percent; null
/// if nothing is known of it.</param>
public sealed record MeasurementProtocol(
    int Seed,
    int WarmUpPasses,
    int Passes,
    int Disturbed,
    string Clock,
    double ClockResolutionNs,
    TimeSource Source,
    StopReason StopReason,
    double? PrecisionPercent,
    double? DriftPercent);

/// <summary>Something to know about an entry.</summary>
public enum EntryMark
{
    /// <summary>Not measured, but predicted from measured ones.</summary>
    Predicted,

    /// <summary>The confidence interval is wider than ±3 %.</summary>
    Noisy,

    /// <summary>Faster than a run that does nothing: counted as free.</summary>
    BelowOverhead,
}

/// <summary>The time of one layer, run alone; the overhead of a run is included.</summary>
/// <param name="Layer">Latency key of the layer.</param>
/// <param name="Samples">Number of samples; 0 for predicted entries.</param>
/// <param name="MedianUs">Median, in microseconds, as all that follow.</param>
/// <param name="MeanUs">Mean without upper outliers.</param>
/// <param name="P90Us">90th percentile.</param>
/// <param name="CiLowUs">Lower end of the median's 95 % confidence interval.</param>
/// <param name="CiHighUs">Upper end of it.</param>
/// <param name="CpuMedianUs">Median of CPU time; 0 where the device has no CPU clock.</param>
/// <param name="Flags">What to know about it.</param>
/// <param name="Resolution">Side of the images in whose networks it holds, in tables that have a time for each; null where it
/// holds in all.</param>
public sealed record LatencyEntry(
    string Layer,
    int Samples,
    double MedianUs,
    double MeanUs,
    double P90Us,
    double CiLowUs,
    double CiHighUs,
    double CpuMedianUs,
    ImmutableArray<EntryMark> Flags,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Resolution = null);

/// <summary>Whole networks against their predictions.</summary>
/// <param name="NoiseFloorPercent">Median of the networks' own split-half deviation, in percent: no prediction can be shown
/// to be better than this; null if nothing is known of it.</param>
/// <param name="IntervalPercent">Half the width of the 95 % interval of a prediction, in percent of it; null
/// if nothing is known of it.</param>
/// <param name="LeaveOneOut">Errors of the calibration networks, each predicted from all the
/// others; null if there are none.</param>
/// <param name="HeldOut">Errors of the networks that were not used for calibration; null if there are none.</param>
/// <param name="Nets">The networks.</param>
public sealed record ProfileValidation(
    double? NoiseFloorPercent,
    double? IntervalPercent,
    PredictionErrors? LeaveOneOut,
    PredictionErrors? HeldOut,
    ImmutableArray<ValidatedNet> Nets);

/// <summary>A whole network that was measured.</summary>
/// <param name="Architecture">The architecture's canonical text.</param>
/// <param name="Calibrates">Whether the scale was fitted on it; then its prediction is that of all the others.</param>
/// <param name="PredictedUs">Predicted time, in microseconds.</param>
/// <param name="MeasuredUs">Measured median, in microseconds.</param>
/// <param name="SplitHalfPercent">Difference between the medians of its odd and even passes, in percent.</param>
public sealed record ValidatedNet(
    string Architecture, bool Calibrates, double PredictedUs, double MeasuredUs, double SplitHalfPercent);
