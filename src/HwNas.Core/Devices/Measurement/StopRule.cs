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

/// <summary>Decides when to stop: after the least time and passes, as soon as the typical median is precise, and at the caps anyway.</summary>
public static class StopRule
{
    // Looking at the intervals sorts all samples; now and then is often enough.
    private const int PassesBetweenLooks = 25;

    /// <summary>The reason to stop after <paramref name="passes"/>, or null to go on.</summary>
    public static StopReason? Decide(IReadOnlyList<MeasuredPass> passes, int models, TimeSpan elapsed, MeasurementSettings settings)
    {
        ArgumentNullException.ThrowIfNull(passes);
        ArgumentNullException.ThrowIfNull(settings);
        if (passes.Count < settings.MinPasses)
            return null;
        if (elapsed.TotalSeconds >= settings.MaxSeconds)
            return StopReason.TimeIsUp;
        if (passes.Count >= settings.MaxPasses)
            return StopReason.EnoughPasses;
        if (elapsed.TotalSeconds < settings.MinSeconds || passes.Count % PassesBetweenLooks != 0)
            return null;
        return TypicalHalfWidth(PassSpeed.Level(passes, models)) <= settings.TargetPrecision ? StopReason.Precise : null;
    }

    /// <summary>Median over the models of the relative half-widths of their medians' confidence intervals.</summary>
    public static double TypicalHalfWidth(IReadOnlyList<ModelSamples> models) =>
        models.All(m => m.Count > 0) ? TimeSummary.Median(models.Select(m => TimeSummary.Of(m.WallUs).RelativeHalfWidth)) : double.PositiveInfinity;
}
