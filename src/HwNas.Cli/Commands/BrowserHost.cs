using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using HwNas.Cli.Reporting;
using HwNas.Core;
using HwNas.Core.Devices.Measurement;
using HwNas.Onnx.Profiling;
using HwNas.Remote.Browser;

namespace HwNas.Cli.Commands;

/// <summary>Serves jobs to browsers, and tells people at the terminal how to open the page.</summary>
/// <param name="context">The world.</param>
/// <param name="address">Where to listen.</param>
/// <param name="port">The port; 0 takes a free one.</param>
/// <param name="https">Whether to serve HTTPS.</param>
internal sealed class BrowserHost(CommandContext context, IPAddress address, int port, bool https)
{
    /// <summary>Fetches what the page runs on, where it is missing: before anything else is done.</summary>
    /// <exception cref="MissingDependencyException">It cannot be had.</exception>
    public Task PrepareAsync(CancellationToken cancellation) =>
        OnnxRuntimeWeb.FetchAsync(OnnxRuntimeWeb.DefaultFolder, text => context.Error.WriteLine($"hwnas: {text}"), cancellation);

    /// <summary>Serves until so many devices are measured.</summary>
    /// <param name="bundle">What they measure.</param>
    /// <param name="wanted">Number of devices.</param>
    /// <param name="journalOf">Where the raw samples of a device go; an error refuses the device.</param>
    /// <param name="keep">Takes each answer; never two at once.</param>
    /// <param name="line">Shows the progress.</param>
    /// <param name="cancellation">Gives up; the journals stay.</param>
    public async Task Serve(
        JobBundle bundle, int wanted, Func<string, string> journalOf, Action<MeasurementRecord> keep, ProgressLine line,
        CancellationToken cancellation)
    {
        var (gate, measured) = (new Lock(), new HashSet<string>());
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var hosts = Hosts(address);
        using var certificate = https ? SelfSignedCertificate.Create(hosts, context.Time) : null;
        var options = new BrowserOptions
        {
            Listen = address,
            Port = port,
            Certificate = certificate,
            Devices = wanted,
            JournalPath = journalOf,
            Keep = Keep,
        };
        var server = await BrowserServer.StartAsync(
            bundle, options, new BrowserFollower(line, wanted), context.Time).ConfigureAwait(false);
        await using (server.ConfigureAwait(false))
        {
            BrowserInvitation.Write(context.Error, [.. hosts.Select(server.PageAt)], server.Port, https);
            await all.Task.WaitAsync(cancellation).ConfigureAwait(false);
        }

        void Keep(MeasurementRecord record)
        {
            lock (gate)
            {
                keep(record);
                if (measured.Add(record.Device.Id) && measured.Count == wanted)
                    all.TrySetResult();
            }
        }
    }

    // The addresses by which others reach this machine.
    private static IReadOnlyList<IPAddress> Hosts(IPAddress listen) =>
        !listen.Equals(IPAddress.Any) && !listen.Equals(IPAddress.IPv6Any)
            ? [listen]
            : [
                .. NetworkInterface.GetAllNetworkInterfaces().Where(card => card.OperationalStatus == OperationalStatus.Up)
                    .SelectMany(card => card.GetIPProperties().UnicastAddresses.Select(unicast => unicast.Address))
                    .Where(found => found.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(found))
                    .DefaultIfEmpty(IPAddress.Loopback),
            ];
}
