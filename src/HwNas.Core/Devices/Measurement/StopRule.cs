using HwNas.Core.Files;
using HwNas.Core.Statistics;

namespace HwNas.Core.Devices.Measurement;

/// <summary>Why a measurement ended.</summary>
public enum StopReason
{
    /// <summary>The medians are as precise as was asked for.</summary>
    Precise,

    /// <summary>The longest time that was allowed is over; the precision reached is in the profile.</summary>
    TimeIsUp,

    /// <summary>The largest number of passes is reached.</summary>
    EnoughPasses,
}

/// <summary>
/// Decides when to stop: when the time is over, as soon as the statistics have enough passes to say anything; or after the
/// least time and passes, once the typical median is precise; and when there are as many passes as are kept.
/// </summary>
public static class StopRule
{
    /// <summary>Statistics compare halves of the passes, and a half has at least two.</summary>
    public const int LeastPasses = 4;

    // Looking at the intervals sorts all samples; now and then is often enough.
    private const int PassesBetweenLooks = 25;

    // So many times, of up to ten digits and on two clocks, fit into the largest file that is read.
    private const long MostTimes = StrictJson.MaxFileBytes / 26;

    /// <summary>The reason to stop after <paramref name="passes"/>, or null to go on.</summary>
    /// <param name="passes">The passes so far.</param>
    /// <param name="models">Models in each.</param>
    /// <param name="threads">Threads of the runtime: with one, a busy machine's CPU time is what the profile uses.</param>
    /// <param name="elapsed">Time since the passes began.</param>
    /// <param name="settings">What was asked for.</param>
    public static StopReason? Decide(
        IReadOnlyList<MeasuredPass> passes, int models, int threads, TimeSpan elapsed, MeasurementSettings settings)
    {
        ArgumentNullException.ThrowIfNull(passes);
        ArgumentNullException.ThrowIfNull(settings);
        if (passes.Count < Math.Min(LeastPasses, settings.MinPasses))
            return null;
        if (elapsed.TotalSeconds >= settings.MaxSeconds)
            return StopReason.TimeIsUp;
        if (passes.Count >= settings.MaxPasses || (passes.Count + 1L) * models > MostTimes)
            return StopReason.EnoughPasses;
        if (passes.Count < settings.MinPasses
            || elapsed.TotalSeconds < settings.MinSeconds
            || passes.Count % PassesBetweenLooks != 0)
        {
            return null;
        }

        var source = TimeSources.Choose(TimeSources.WallCpuRatio(ModelSamples.Of(passes, models)), threads);
        return TypicalHalfWidth(PassSpeed.Level(passes, models), source) <= settings.TargetPrecision ? StopReason.Precise : null;
    }

    /// <summary>Median over the models of the relative half-widths of their medians' confidence intervals.</summary>
    public static double TypicalHalfWidth(IReadOnlyList<ModelSamples> models, TimeSource source) => models.All(m => m.Count > 0)
        ? Quantiles.Median(models.Select(m => TimeSummary.Of(m.Values(source)).RelativeHalfWidth))
        : double.PositiveInfinity;
}
