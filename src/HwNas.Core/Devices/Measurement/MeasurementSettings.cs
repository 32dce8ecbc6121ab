namespace HwNas.Core.Devices.Measurement;

/// <summary>How long and how precisely to measure.</summary>
public sealed record MeasurementSettings
{
    /// <summary>Seed of the order within each pass. Default 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Passes at least. Default 50.</summary>
    public int MinPasses { get; init; } = 50;

    /// <summary>Passes at most. Default 2,000: more only lengthen the raw samples.</summary>
    public int MaxPasses { get; init; } = 2000;

    /// <summary>Time of the passes at least, so that slow drift is seen. Default 30 s.</summary>
    public TimeSpan MinDuration { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Time of the passes at most. Default 75 s.</summary>
    public TimeSpan MaxDuration { get; init; } = TimeSpan.FromSeconds(75);

    /// <summary>Stop when half the width of the medians' 95 % confidence intervals, as a share of the median, is typically below this. Default 0.01.</summary>
    public double TargetPrecision { get; init; } = 0.01;

    /// <summary>
    /// A sample lasts at least this long; shorter models run several times for one sample, which is their mean, so that
    /// reading the clocks costs nothing beside it. Default 100 µs; clocks of a millisecond need 20 to 50 ms.
    /// </summary>
    public double MinSampleUs { get; init; } = 100;

    /// <summary>
    /// Before each sample the model runs untimed for at least this long, and at least once. The other models have
    /// emptied the caches and misled the branch predictors meanwhile, but who uses a network runs it again and again:
    /// this brings back the steady state. Default 100 µs; 0 leaves it out.
    /// </summary>
    public double LeadUs { get; init; } = 100;
}
