using HwNas.Core;
using HwNas.Onnx.Profiling;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace HwNas.Remote.Agents;

/// <summary>
/// Listens for jobs, measures them one at a time, and keeps them; what it says is in <see cref="AgentProtocol"/>.
/// </summary>
public sealed class AgentServer : IAsyncDisposable
{
    // Bytes per second. Uploads come one at a time: who sends slower, on purpose or not, would keep others waiting.
    private const double SlowestUpload = 10_000;

    private const int MaxConnections = 256, MaxConnectionsOfOne = 8;

    private readonly WebApplication _web;
    private readonly JobStore _store;
    private readonly MeasuringDesk _desk;

    private AgentServer(WebApplication web, JobStore store, MeasuringDesk desk, string deviceId)
    {
        (_web, _store, _desk, DeviceId) = (web, store, desk, deviceId);
        Address = new Uri(web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>The device that it measures.</summary>
    public string DeviceId { get; }

    /// <summary>Starts listening.</summary>
    /// <param name="options">Where, for whom, and how much.</param>
    /// <param name="fault">Told of faults of the agent itself.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="cancellation">Gives up starting.</param>
    /// <exception cref="InputException">The address is taken, the state folder cannot be used, or a
    /// limit is out of range.</exception>
    public static async Task<AgentServer> StartAsync(
        AgentOptions options, Action<Exception> fault, TimeProvider clock, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var device = DeviceProbe.Describe(options.DeviceId);
        var store = new JobStore(options);
        var desk = new MeasuringDesk(store, options.Models, device.Id, fault, clock);
        var web = Build(options);
        new AgentEndpoints(options, device, store, desk, fault, clock).Map(web);
        try
        {
            await web.StartAsync(cancellation).ConfigureAwait(false);
            return new AgentServer(web, store, desk, device.Id);
        }
        catch (Exception error)
        {
            await web.DisposeAsync().ConfigureAwait(false);
            await desk.DisposeAsync().ConfigureAwait(false);
            store.Dispose();
            if (error is not IOException)
                throw;
            throw new InputException(
                $"Cannot listen on {options.Listen}: {Sentence.Of(error)} Choose another address with --listen.", error);
        }
    }

    /// <summary>Stops: a measurement ends between two passes, its samples are kept.</summary>
    public async ValueTask DisposeAsync()
    {
        await _desk.DisposeAsync().ConfigureAwait(false);
        await _web.StopAsync(ConnectionLimits.Patience).ConfigureAwait(false);
        await _web.DisposeAsync().ConfigureAwait(false);
        _store.Dispose();
    }

    // No configuration of the surroundings is read and nothing is logged: neither can change where the agent listens,
    // nor show a token.
    private static WebApplication Build(AgentOptions options)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(options.Listen, listen => ConnectionLimits.Share(listen, MaxConnectionsOfOne));
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.MaxJobBytes;
            kestrel.Limits.MaxRequestHeadersTotalSize = 8 << 10;
            kestrel.Limits.MaxRequestHeaderCount = 32;
            kestrel.Limits.MaxRequestLineSize = 1 << 10;
            kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(SlowestUpload, ConnectionLimits.Patience);
            ConnectionLimits.Set(kestrel.Limits, MaxConnections);
        });
        return builder.Build();
    }
}
