using HwNas.Core.Statistics;

namespace HwNas.Core.Devices.Measurement;

/// <summary>How far a measurement has come.</summary>
/// <param name="Stage">The stage, such as <c>warm-up</c>.</param>
/// <param name="Passes">Passes done in it.</param>
/// <param name="Elapsed">Time since it began.</param>
/// <param name="AtMost">When it ends at the latest, counted like <paramref name="Elapsed"/>.</param>
public readonly record struct MeasurementProgress(string Stage, int Passes, TimeSpan Elapsed, TimeSpan AtMost);

/// <summary>What a rotation brought.</summary>
/// <param name="Models">The samples of each model.</param>
/// <param name="WarmUpPasses">Passes before the measured ones.</param>
/// <param name="Passes">The measured passes.</param>
/// <param name="StopReason">Why it ended.</param>
public sealed record RotationResult(
    IReadOnlyList<ModelSamples> Models, int WarmUpPasses, IReadOnlyList<MeasuredPass> Passes, StopReason StopReason);

/// <summary>
/// Measures many models together: in every pass each model gives one sample, in an order shuffled anew. Whatever
/// changes slowly (clock frequency, other load, heat) so hits all models alike, and sums of them stay comparable.
/// The stages read in order: pilot, warm-up, passes.
/// </summary>
public sealed class Rotation(ILayerTimer timer, int models, MeasurementSettings settings, TimeProvider clock, int threads = 1)
{
    private const int PilotRuns = 3;
    private const int MaxRunsPerSample = 10_000;
    private const int WarmUpWindow = 5;
    private const int MaxWarmUpPasses = 50;
    private const double MaxWarmUpSeconds = 10;

    private readonly int[] _order = [.. Enumerable.Range(0, models)];
    private readonly int[] _runs = new int[models];
    private readonly int[] _lead = new int[models];
    private readonly Random _random = new(settings.Seed);
    private readonly TimeSpan _maxWarmUp = TimeSpan.FromSeconds(Math.Min(MaxWarmUpSeconds, settings.MaxSeconds));

    /// <summary>Measures.</summary>
    /// <param name="journal">Keeps every pass, so that an interrupted measurement continues; null to keep none.</param>
    /// <param name="progress">Told after every pass.</param>
    /// <param name="cancellation">Stops between two passes.</param>
    public RotationResult Measure(
        MeasurementJournal? journal, IProgress<MeasurementProgress>? progress, CancellationToken cancellation)
    {
        Pilot(cancellation);
        var warmUpPasses = WarmUp(progress, cancellation);
        List<MeasuredPass> passes = [.. journal?.Replay ?? []];
        var spent = TimeSpan.FromMilliseconds(passes.Count > 0 ? passes[^1].ElapsedMs : 0);
        var times = new LayerTime[models];
        var start = clock.GetTimestamp();
        while (true)
        {
            var elapsed = spent + clock.GetElapsedTime(start);
            if (StopRule.Decide(passes, models, threads, elapsed, settings) is { } reason)
                return new RotationResult(ModelSamples.Of(passes, models), warmUpPasses, passes, reason);
            cancellation.ThrowIfCancellationRequested();
            Pass(times);
            // What the journal keeps is what counts, so that a continued measurement sees the same numbers.
            var pass = MeasuredPass.Of(spent + clock.GetElapsedTime(start), times);
            passes.Add(pass);
            journal?.Append(pass);
            progress?.Report(
                new MeasurementProgress("measuring", passes.Count, elapsed, TimeSpan.FromSeconds(settings.MaxSeconds)));
        }
    }

    // How many runs make a sample that the clock can resolve, and how many bring back the steady state before it.
    private void Pilot(CancellationToken cancellation)
    {
        for (var model = 0; model < models; model++)
        {
            cancellation.ThrowIfCancellationRequested();
            timer.Time(model, 1);
            var us = Math.Max(timer.Time(model, PilotRuns).WallUs, 1e-3);
            _runs[model] = (int)Math.Clamp(Math.Ceiling(settings.MinSampleUs / us), 1, MaxRunsPerSample);
            _lead[model] = settings.LeadUs > 0 ? (int)Math.Clamp(Math.Ceiling(settings.LeadUs / us), 1, MaxRunsPerSample) : 0;
        }
    }

    // Whole passes until the time of a pass no longer falls.
    private int WarmUp(IProgress<MeasurementProgress>? progress, CancellationToken cancellation)
    {
        var times = new LayerTime[models];
        var totals = new List<double>();
        var start = clock.GetTimestamp();
        while (totals.Count < MaxWarmUpPasses && clock.GetElapsedTime(start) < _maxWarmUp && !IsSteady(totals))
        {
            cancellation.ThrowIfCancellationRequested();
            Pass(times);
            totals.Add(times.Sum(t => t.WallUs));
            progress?.Report(new MeasurementProgress("warm-up", totals.Count, clock.GetElapsedTime(start), _maxWarmUp));
        }

        return totals.Count;
    }

    private static bool IsSteady(List<double> totals) =>
        totals.Count >= 2 * WarmUpWindow
        && Quantiles.Median(totals.TakeLast(WarmUpWindow))
            >= 0.99 * Quantiles.Median(totals.SkipLast(WarmUpWindow).TakeLast(WarmUpWindow));

    private void Pass(LayerTime[] times)
    {
        _random.Shuffle(_order);
        foreach (var model in _order)
        {
            if (_lead[model] > 0)
                timer.Time(model, _lead[model]);
            times[model] = timer.Time(model, _runs[model]);
        }
    }
}
