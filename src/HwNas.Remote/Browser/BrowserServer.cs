using System.Net;
using System.Net.Sockets;
using HwNas.Core;
using HwNas.Onnx.Profiling;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace HwNas.Remote.Browser;

/// <summary>
/// Serves a page that measures a job in the browser that opens it, any number of browsers at once. The same job serves
/// all; each device has one lease, one journal and one record.
/// </summary>
public sealed class BrowserServer : IAsyncDisposable
{
    /// <summary>Name of the runtime in keys and profiles.</summary>
    public const string RuntimeName = "onnxruntime-web";

    // A browser opens some six connections, and may have several pages open.
    private const int MaxConnections = 256, MaxConnectionsOfOne = 64;

    private readonly WebApplication _application;
    private readonly BrowserSessions _sessions;
    private readonly SessionToken _token;
    private readonly BrowserOptions _options;

    private BrowserServer(WebApplication application, BrowserSessions sessions, SessionToken token, BrowserOptions options)
    {
        _application = application;
        _sessions = sessions;
        _token = token;
        _options = options;
    }

    /// <summary>Begins to serve.</summary>
    /// <param name="bundle">What to measure.</param>
    /// <param name="options">Where, and what becomes of the measurements.</param>
    /// <param name="news">Told what happens, from several threads.</param>
    /// <param name="clock">The clock.</param>
    /// <exception cref="InputException">The address or the port cannot be listened on.</exception>
    /// <exception cref="MissingDependencyException">onnxruntime-web is not there.</exception>
    public static async Task<BrowserServer> StartAsync(
        JobBundle bundle, BrowserOptions options, IProgress<BrowserNews>? news, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        ArgumentNullException.ThrowIfNull(options);
        var files = new PageFiles(options.RuntimeFolder);
        var token = new SessionToken();
        var sessions = new BrowserSessions(bundle.Job, files.RuntimeVersion, options, news, clock);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRouting();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = BrowserRequests.MaxBodyBytes(bundle.Job);
            ConnectionLimits.Set(kestrel.Limits, MaxConnections);
            kestrel.Listen(options.Listen, options.Port, listen =>
            {
                ConnectionLimits.Share(listen, MaxConnectionsOfOne);
                if (options.Certificate is not null)
                    listen.UseHttps(options.Certificate, https => https.HandshakeTimeout = ConnectionLimits.Patience);
            });
        });
        if (options.Certificate is not null)
            builder.WebHost.UseKestrelHttpsConfiguration();
        var application = builder.Build();
        application.Run(new BrowserRequests(bundle, files, token, sessions, news).Answer);
        try
        {
            await application.StartAsync().ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            await application.DisposeAsync().ConfigureAwait(false);
            throw new InputException(
                $"Cannot listen on {options.Listen}, port {options.Port}: {Sentence.Of(error)} Give another --listen or --port.",
                error);
        }

        return new BrowserServer(application, sessions, token, options);
    }

    /// <summary>The port that is listened on.</summary>
    public int Port => new Uri(
        _application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;

    /// <summary>The whole address of the page, token included, as a device reaches it under <paramref name="host"/>.</summary>
    public Uri PageAt(IPAddress host) =>
        new UriBuilder(
            _options.Certificate is null ? Uri.UriSchemeHttp : Uri.UriSchemeHttps,
            host.ToString(), Port) { Fragment = _token.Text }.Uri;

    /// <summary>Ends: answers that are under way are still given if they are soon, journals are closed.</summary>
    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync(ConnectionLimits.Patience).ConfigureAwait(false);
        await _application.DisposeAsync().ConfigureAwait(false);
        _sessions.Dispose();
    }
}
