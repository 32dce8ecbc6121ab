using HwNas.Core;
using HwNas.Core.Devices.Measurement;
using HwNas.Remote.Leases;

namespace HwNas.Remote.Browser;

/// <summary>The measurement of a device after a message.</summary>
/// <param name="Lease">Proves in every further message that this page measures the device.</param>
/// <param name="Passes">Passes that are there.</param>
/// <param name="ElapsedMs">Time spent in them.</param>
/// <param name="Done">Whether the measurement is complete and kept.</param>
internal sealed record BrowserState(string Lease, int Passes, long ElapsedMs, bool Done);

/// <summary>
/// The devices that are being measured, each by the one page that holds its lease. Messages are taken one at a time:
/// they are short, and pages send them between samples.
/// </summary>
internal sealed class BrowserSessions(
    MeasurementJob job, string runtimeVersion, BrowserOptions options, IProgress<BrowserNews>? news,
    TimeProvider clock) : IDisposable
{
    // Of the whole time, roughly.
    private const double LoadingShare = 0.1;

    private readonly Lock _gate = new();
    private readonly LeaseBook _leases = new(clock, options.Silence);
    private readonly Dictionary<string, Session> _sessions = [];

    // A device that was misnamed comes again under another name; whoever makes up names comes to an end.
    private const int MisnamedDevices = 20;

    private readonly HashSet<string> _names = [], _measured = [];

    // By secret. A page that lost the answer to its last pass asks again, and must not begin anew.
    private readonly Dictionary<string, BrowserState> _complete = [];

    /// <summary>A page begins, or continues after a reload, a pause or another run of the server.</summary>
    public BrowserState Join(BrowserHello hello)
    {
        if (hello.RuntimeVersion != runtimeVersion)
        {
            throw new RefusedException(
                409, $"The page runs onnxruntime-web '{hello.RuntimeVersion}', but {runtimeVersion} is served here. Reload it.");
        }

        if (hello.Threads != job.Runtime.IntraOpThreads)
        {
            throw new RefusedException(
                409,
                $"The runtime uses {hello.Threads} threads here, but {job.Runtime.IntraOpThreads} are to be measured. "
                + "Threads need HTTPS or loopback, and as many cores.");
        }

        lock (_gate)
        {
            RequireRoomFor(hello.Id);
            var known = _sessions.GetValueOrDefault(hello.Id);
            var lease = known is not null && known.Lease.Secret == hello.Lease && _leases.Renew(known.Lease)
                ? known.Lease
                : _leases.TryAcquire(hello.Id)
                    ?? throw new RefusedException(
                        409,
                        $"'{hello.Id}' is being measured by another page. "
                        + $"Give this device another name, or close that page and wait {options.Silence.TotalSeconds:0} s.");
            known?.Measurement.Dispose();
            _sessions.Remove(hello.Id);
            try
            {
                var path = options.JournalPath(hello.Id);
                var session = new Session(lease, path, new BrowserMeasurement(job, hello, path, clock));
                _sessions[hello.Id] = session;
                news?.Report(new BrowserNews.Joined(hello.Id, hello.Browser, session.Measurement.Passes));
                return CompleteIfDone(session);
            }
            catch (InputException)
            {
                _leases.Release(lease);
                throw;
            }
        }
    }

    /// <summary>A page tells what it does before or between the passes.</summary>
    public BrowserState Tell(string lease, BrowserStage stage)
    {
        lock (_gate)
        {
            if (_complete.TryGetValue(lease, out var complete))
                return complete;
            var session = Holder(lease);
            var isLoading = stage.Stage == "loading" && stage.Total > 0;
            Report(
                session, stage.Stage, stage.Total > 0 ? $"{stage.Done} of {stage.Total}" : Passes(session.Measurement),
                isLoading ? LoadingShare * Math.Min(1, (double)stage.Done / stage.Total) : ShareOf(session.Measurement));
            return StateOf(session, done: false);
        }
    }

    /// <summary>A page delivers a pass.</summary>
    public BrowserState Add(string lease, BrowserPass pass)
    {
        lock (_gate)
        {
            if (_complete.TryGetValue(lease, out var complete))
                return complete;
            var session = Holder(lease);
            session.Measurement.Add(pass);
            return CompleteIfDone(session);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var session in _sessions.Values)
                session.Measurement.Dispose();
            _sessions.Clear();
        }
    }

    private void RequireRoomFor(string device)
    {
        var others = _names.Where(name => name != device && (_measured.Contains(name) || _leases.IsHeld(name))).ToList();
        if (others.Count >= options.Devices)
        {
            throw new RefusedException(409,
                $"{options.Devices} device(s) are to be measured, and as many are here: "
                + $"{string.Join(", ", others.Order(StringComparer.Ordinal).Take(5))}. "
                + "Wait until one has left, or give a larger --devices.");
        }

        if (!_names.Contains(device) && _names.Count >= options.Devices + MisnamedDevices)
        {
            throw new RefusedException(409,
                $"{_names.Count} devices were here already. Take a name of one of them, or start the command again.");
        }

        _names.Add(device);
    }

    private Session Holder(string lease) =>
        _sessions.Values.FirstOrDefault(session => session.Lease.Secret == lease) is { } session && _leases.Renew(session.Lease)
            ? session
            : throw new RefusedException(
                410,
                "The lease of this page has ended: the device was silent for too long, or is measured already. "
                + "Reload the page to continue.");

    private static string Passes(BrowserMeasurement measurement) => Plural.Of(measurement.Passes, "pass", "passes");

    private BrowserState CompleteIfDone(Session session)
    {
        var measurement = session.Measurement;
        if (measurement.Stop is not { } reason)
        {
            Report(session, "measuring", Passes(measurement), ShareOf(measurement));
            return StateOf(session, done: false);
        }

        measurement.Dispose();
        _sessions.Remove(session.Lease.Device);
        _leases.Release(session.Lease);
        try
        {
            options.Keep(measurement.Record(reason, clock.GetUtcNow()));
        }
        catch (InputException error)
        {
            throw new InputException(
                $"{error.Message}\nThe samples stay in '{session.JournalPath}'; remove it to measure the device anew.", error);
        }

        _measured.Add(session.Lease.Device);
        return _complete[session.Lease.Secret] = StateOf(session, done: true);
    }

    private double ShareOf(BrowserMeasurement measurement) =>
        LoadingShare + ((1 - LoadingShare) * Math.Min(1, measurement.ElapsedMs / (1e3 * job.Settings.MaxSeconds)));

    private void Report(Session session, string stage, string note, double share) =>
        news?.Report(new BrowserNews.Progress(session.Lease.Device, stage, note, share));

    private static BrowserState StateOf(Session session, bool done) =>
        new(session.Lease.Secret, session.Measurement.Passes, session.Measurement.ElapsedMs, done);

    private sealed record Session(Lease Lease, string JournalPath, BrowserMeasurement Measurement);
}
