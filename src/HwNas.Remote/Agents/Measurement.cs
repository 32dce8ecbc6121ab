using HwNas.Core.Devices.Measurement;
using HwNas.Remote.Leases;

namespace HwNas.Remote.Agents;

/// <summary>A job that an agent measures, as its followers see it.</summary>
internal sealed class Measurement(string hash, string client, Lease lease) : IProgress<MeasurementProgress>, IDisposable
{
    private readonly TaskCompletionSource<AgentEvent> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _cancellation = new();
    private volatile AgentEvent _latest = new(AgentState.Running, "waiting", 0, 0, 0, "");

    public string Hash => hash;

    public string Client => client;

    /// <summary>The right to the device; whoever follows renews it.</summary>
    public Lease Lease { get; set; } = lease;

    public CancellationToken Cancellation => _cancellation.Token;

    /// <summary>How it ended; never faulted.</summary>
    public Task<AgentEvent> End => _end.Task;

    public AgentEvent Latest => _end.Task.IsCompleted ? _end.Task.Result : _latest;

    public void Report(MeasurementProgress value) =>
        _latest = new AgentEvent(
            AgentState.Running, value.Stage, value.Passes, value.Elapsed.TotalSeconds, value.AtMost.TotalSeconds, "");

    /// <summary>Asks it to stop between two passes.</summary>
    public void Stop() => _cancellation.Cancel();

    public void Close(AgentState state, string error = "") => _end.TrySetResult(_latest with { State = state, Error = error });

    public void Dispose() => _cancellation.Dispose();
}
