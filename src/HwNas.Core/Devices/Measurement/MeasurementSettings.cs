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

    /// <summary>Seconds of passes at least, so that slow drift is seen. Default 30.</summary>
    public double MinSeconds { get; init; } = 30;

    /// <summary>Seconds of passes at most. Default 75.</summary>
    public double MaxSeconds { get; init; } = 75;

    /// <summary>
    /// Stop when half the width of the medians' 95 % confidence intervals, as a share of the median, is
    /// typically below this. Default 0.01.
    /// </summary>
    public double TargetPrecision { get; init; } = 0.01;

    /// <summary>
    /// A sample lasts at least this long; shorter models run several times for one sample, which is their mean, so that
    /// reading the clocks costs nothing beside it. Default 300 µs; clocks of a millisecond need 20 to 50 ms.
    /// </summary>
    public double MinSampleUs { get; init; } = 300;

    /// <summary>
    /// Before each sample the model runs untimed for at least this long, and at least once. The other models have
    /// emptied the caches and misled the branch predictors meanwhile, but who uses a network runs it again and again:
    /// this brings back the steady state, which takes a small network some ten runs. Default 1 ms; 0 leaves it out.
    /// </summary>
    public double LeadUs { get; init; } = 1000;

    /// <summary>These settings with at most so many seconds of passes.</summary>
    public MeasurementSettings AtMost(double seconds) =>
        this with { MaxSeconds = seconds, MinSeconds = Math.Min(MinSeconds, seconds) };

    /// <summary>What is wrong with the values; nothing if they can be measured by.</summary>
    public IEnumerable<string> Problems()
    {
        if (MinPasses < 1 || MaxPasses < MinPasses || MaxPasses > 100_000)
            yield return $"{MinPasses} to {MaxPasses} passes are not possible; 1 to 100000 are";
        if (!(MinSeconds >= 0 && MaxSeconds >= MinSeconds && MaxSeconds is > 0 and <= 86_400))
            yield return $"measuring for {MinSeconds:R} to {MaxSeconds:R} s is not possible; up to 86400 s are";
        if (!(TargetPrecision is > 0 and < 1 && MinSampleUs is >= 0 and <= 1e7 && LeadUs is >= 0 and <= 1e7))
            yield return "the precision, the length of a sample or of its lead is out of range";
    }
}
