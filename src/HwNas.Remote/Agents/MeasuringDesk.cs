using HwNas.Core;
using HwNas.Onnx.Foreign;
using HwNas.Remote.Leases;
using Microsoft.AspNetCore.Http;

namespace HwNas.Remote.Agents;

/// <summary>
/// Measures one job at a time, on a thread of its own. A measurement goes on when its client is gone, so that the client
/// finds it done when it returns; only when somebody else asks, and nobody has followed it for a while, it gives way.
/// </summary>
internal sealed class MeasuringDesk(
    JobStore store, ForeignModels models, string deviceId, Action<Exception> fault, TimeProvider clock) : IAsyncDisposable
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(60);

    private readonly LeaseBook _leases = new(clock, Silence);
    private readonly SemaphoreSlim _gate = new(1);
    private Measurement? _current;

    /// <summary>What is measured at present; null if nothing.</summary>
    public Measurement? Current => _current is { End.IsCompleted: false } current ? current : null;

    /// <summary>What the agent is busy with, for people; empty if it is free.</summary>
    public string BusyWith => Current is { } current
        ? $"job {current.Hash[..12]} for {current.Client} ({current.Latest.Stage}, "
            + $"{Plural.Of(current.Latest.Passes, "pass", "passes")})"
        : "";

    /// <exception cref="RefusedException">Another job is being measured.</exception>
    public void RequireFreeFor(string hash)
    {
        if (Current is { } current && current.Hash != hash)
            throw Busy();
    }

    /// <summary>Begins to measure a job, or joins in if it is being measured already.</summary>
    /// <exception cref="RefusedException">Another job is being measured, and somebody follows it.</exception>
    public async Task<Measurement> JoinAsync(string hash, string client, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (Current is { } current)
            {
                if (current.Hash == hash)
                    return current;
                var successor = _leases.TryAcquire(deviceId) ?? throw Busy();
                current.Stop();
                await current.End.ConfigureAwait(false);
                return Begin(hash, client, successor);
            }

            return Begin(hash, client, _leases.TryAcquire(deviceId) ?? throw Busy());
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Says that somebody still follows.</summary>
    public void Renew(Measurement measurement)
    {
        // Not between the end of a measurement and the end of its lease: nobody would give the new one back.
        lock (measurement)
        {
            if (!measurement.End.IsCompleted && !_leases.Renew(measurement.Lease) && _leases.TryAcquire(deviceId) is { } again)
                measurement.Lease = again;
        }
    }

    /// <summary>Stops what is measured; its samples are kept.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Current is { } current)
        {
            current.Stop();
            await current.End.ConfigureAwait(false);
        }

        _current?.Dispose();
        _gate.Dispose();
    }

    private Measurement Begin(string hash, string client, Lease lease)
    {
        _current?.Dispose();
        _current = new Measurement(hash, client, lease);
        var measurement = _current;
        // Not a thread of the pool: those answer requests.
        new Thread(() => Measure(measurement)) { Name = "measuring", IsBackground = true }.Start();
        return measurement;
    }

    private void Measure(Measurement measurement)
    {
        var (state, error) = (AgentState.Done, "");
        try
        {
            if (!store.IsFinished(measurement.Hash))
            {
                store.Keep(measurement.Hash, models.Measure(
                    store.KitOf(measurement.Hash), JobStore.KitName, store.Check(measurement.Hash).Runtime, deviceId,
                    store.SamplesOf(measurement.Hash), measurement, note: null, measurement.Cancellation));
            }
        }
        catch (OperationCanceledException)
        {
            state = AgentState.Stopped;
        }
        catch (HwNasException refused)
        {
            (state, error) = (AgentState.Failed, store.WithoutPlaces(refused.Message));
        }
#pragma warning disable CA1031 // An agent outlives whatever one job does to it.
        catch (Exception unexpected)
#pragma warning restore CA1031
        {
            fault(unexpected);
            (state, error) = (AgentState.Failed, "internal error of the agent; its own messages say more");
        }

        lock (measurement)
        {
            _leases.Release(measurement.Lease);
            measurement.Close(state, error);
        }
    }

    private RefusedException Busy() =>
        new(StatusCodes.Status409Conflict, $"The agent is busy with {BusyWith}. Wait until it is free, or ask who holds it.");
}
