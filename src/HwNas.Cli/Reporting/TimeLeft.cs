namespace HwNas.Cli.Reporting;

/// <summary>How long work will still take, by its rate in the last minutes: a pause or a busy while is soon forgotten.</summary>
internal sealed class TimeLeft(TimeProvider time)
{
    // Reports older than the window are forgotten; those in it need not be denser than this.
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(2), Spacing = TimeSpan.FromSeconds(1);

    private readonly Queue<(long Time, double Done)> _reports = new();
    private long _lastKept;

    /// <summary>After a report; null while it is too early to tell.</summary>
    public TimeSpan? After(double done, double total)
    {
        var now = time.GetTimestamp();
        if (_reports.Count == 0 || time.GetElapsedTime(_lastKept, now) >= Spacing)
        {
            _reports.Enqueue((now, done));
            _lastKept = now;
        }

        // The oldest that stays is the last one from before the window, so that slow work has a rate too.
        while (_reports.Count > 2 && time.GetElapsedTime(_reports.ElementAt(1).Time, now) >= Window)
            _reports.Dequeue();
        var (since, before) = _reports.Peek();
        var elapsed = time.GetElapsedTime(since, now);
        // In the first second the rate may be ten times off.
        if (done <= before || elapsed < Spacing || done >= total)
            return null;
        var seconds = elapsed.TotalSeconds * (total - done) / (done - before);
        return seconds < TimeSpan.FromDays(99).TotalSeconds ? TimeSpan.FromSeconds(seconds) : null;
    }
}
