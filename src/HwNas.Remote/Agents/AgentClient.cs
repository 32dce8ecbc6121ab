using System.Net;
using HwNas.Core;
using HwNas.Core.Devices.Measurement;
using HwNas.Core.Files;
using HwNas.Onnx.Kits;
using HwNas.Onnx.Profiling;

namespace HwNas.Remote.Agents;

/// <summary>
/// Has an agent measure jobs. A lost connection is made again, and the agent killed meanwhile continues from its
/// journal; what an agent answers is believed only as far as it can be checked.
/// </summary>
public sealed class AgentClient : IDisposable
{
    private readonly AgentConnection _connection;
    private readonly AgentPatience _patience;
    private readonly TimeProvider _clock;

    /// <param name="address">The agent's address, such as <c>http://192.168.1.20:8270</c>.</param>
    /// <param name="token">The agent's token.</param>
    /// <param name="patience">How long to wait, how often to try.</param>
    /// <param name="clock">The clock.</param>
    /// <exception cref="InputException">The address is none of an agent.</exception>
    public AgentClient(string address, AgentToken token, AgentPatience patience, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(patience);
        _connection = new AgentConnection(address, token, patience.Silence, clock);
        (_patience, _clock) = (patience, clock);
    }

    /// <summary>Who the agent is.</summary>
    /// <exception cref="InputException">It cannot be reached, refuses the token, speaks another
    /// version, or is no agent.</exception>
    public async Task<AgentInfo> InfoAsync(CancellationToken cancellation)
    {
        try
        {
            using var response = await _connection.SendAsync(
                HttpMethod.Get, "info", content: null, cancellation).ConfigureAwait(false);
            await _connection.RequireWellAsync(response, cancellation).ConfigureAwait(false);
            var info = AgentInfo.Parse(
                await _connection.ReadTextAsync(response, AgentProtocol.MaxInfoBytes, cancellation).ConfigureAwait(false),
                _connection.Name);
            return info.Hash.Length > 0
                ? info
                : throw new InputException(
                    $"The agent at {_connection.Name} says who it is without a hash: it is no hwnas agent.");
        }
        catch (ConnectionLostException error)
        {
            throw new InputException(
                $"Cannot reach an agent at {_connection.Name}: {Sentence.Of(error)} Is it running there, and does it listen on "
                + "that address ('hwnas agent --listen')?",
                error);
        }
    }

    /// <summary>Has the agent measure a job: this is a <see cref="MeasureOnDevice"/>.</summary>
    /// <param name="bundle">The job.</param>
    /// <param name="fresh">Begin afresh where the agent has measured this job before; else what it has is taken.</param>
    /// <param name="progress">Told as the agent gets on.</param>
    /// <param name="cancellation">Gives up; the agent goes on, and the same job asked again finds what it has measured.</param>
    /// <exception cref="InputException">The agent cannot be reached any more, refuses the job,
    /// fails, or answers rubbish.</exception>
    public async Task<MeasurementRecord> MeasureAsync(
        JobBundle bundle, bool fresh, IProgress<MeasurementProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        var info = await InfoAsync(cancellation).ConfigureAwait(false);
        var job = $"jobs/{bundle.Job.Hash}";
        if (fresh)
        {
            await PersistAsync(
                () => OrderAsync(HttpMethod.Delete, $"{job}/record", cancellation), cancellation).ConfigureAwait(false);
        }

        var record = await PersistAsync(() => FetchAsync($"{job}/record", cancellation), cancellation).ConfigureAwait(false);
        if (record is null)
        {
            await PersistAsync(() => UploadAsync(bundle, job, cancellation), cancellation).ConfigureAwait(false);
            var furthest = new Furthest(progress);
            await PersistAsync(
                () => FollowAsync($"{job}/run", furthest, cancellation), cancellation, furthest).ConfigureAwait(false);
            record = await PersistAsync(() => FetchAsync($"{job}/record", cancellation), cancellation).ConfigureAwait(false)
                ?? throw new InputException(
                    $"The agent at {_connection.Name} says that it has measured the job, but has no record of it. "
                    + "Look at the agent's own messages.");
        }

        return AgentAnswer.Check(record, bundle.Job, info, _connection.Name);
    }

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    // Tries again after a lost connection; an agent that has come further than ever gets all attempts anew.
    private async Task<T> PersistAsync<T>(Func<Task<T>> attempt, CancellationToken cancellation, Furthest? furthest = null)
    {
        var passes = 0;
        for (var failures = 1; ; failures++)
        {
            try
            {
                return await attempt().ConfigureAwait(false);
            }
            catch (ConnectionLostException lost)
            {
                if (furthest?.Passes > passes)
                    (failures, passes) = (1, furthest.Passes);
                if (failures >= _patience.Attempts)
                {
                    throw new InputException(
                        $"Lost the agent at {_connection.Name} and could not reach it again in {failures} attempts: "
                        + $"{lost.Message} Once it runs again, the same command continues where it was.",
                        lost);
                }

                await Task.Delay(_patience.Pause(failures), _clock, cancellation).ConfigureAwait(false);
            }
        }
    }

    private async Task<bool> OrderAsync(HttpMethod method, string path, CancellationToken cancellation)
    {
        using var response = await _connection.SendAsync(method, path, content: null, cancellation).ConfigureAwait(false);
        await _connection.RequireWellAsync(response, cancellation).ConfigureAwait(false);
        return true;
    }

    // Null if the agent has not measured it.
    private async Task<string?> FetchAsync(string path, CancellationToken cancellation)
    {
        using var response = await _connection.SendAsync(HttpMethod.Get, path, content: null, cancellation).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.NotFound)
            return null;
        await _connection.RequireWellAsync(response, cancellation).ConfigureAwait(false);
        return await _connection.ReadTextAsync(response, StrictJson.MaxFileBytes, cancellation).ConfigureAwait(false);
    }

    private async Task<bool> UploadAsync(JobBundle bundle, string path, CancellationToken cancellation)
    {
        using (var known = await _connection.SendAsync(HttpMethod.Get, path, content: null, cancellation).ConfigureAwait(false))
        {
            if (known.StatusCode != HttpStatusCode.NotFound)
            {
                await _connection.RequireWellAsync(known, cancellation).ConfigureAwait(false);
                return true;
            }
        }

        using var kit = TemporaryKit.Write(bundle);
        using var content = File.OpenRead(kit.FilePath);
        using var response = await _connection.SendAsync(
            HttpMethod.Put, path, new StreamContent(content), cancellation).ConfigureAwait(false);
        await _connection.RequireWellAsync(response, cancellation).ConfigureAwait(false);
        return true;
    }

    // Ends when the measurement has ended well.
    private async Task<bool> FollowAsync(string path, Furthest progress, CancellationToken cancellation)
    {
        using var response = await _connection.SendAsync(
            HttpMethod.Post, path, content: null, cancellation).ConfigureAwait(false);
        await _connection.RequireWellAsync(response, cancellation).ConfigureAwait(false);
        await foreach (var current in _connection.ReadEventsAsync(response, cancellation).ConfigureAwait(false))
        {
            switch (current.State)
            {
                case AgentState.Done:
                    return true;
                case AgentState.Failed:
                    throw new InputException(
                        $"The agent at {_connection.Name} cannot measure the job: {AgentProtocol.Shown(current.Error)}");
                case AgentState.Running:
                    progress.Report(current.ToProgress());
                    break;
            }
        }

        throw new ConnectionLostException("the agent stopped before the measurement ended.");
    }

    // Remembers how many passes were measured, over all connections.
    private sealed class Furthest(IProgress<MeasurementProgress>? progress) : IProgress<MeasurementProgress>
    {
        public int Passes { get; private set; }

        public void Report(MeasurementProgress value)
        {
            if (value.Stage == "measuring")
                Passes = Math.Max(Passes, value.Passes);
            progress?.Report(value);
        }
    }
}
