using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using HwNas.Cli.Reporting;
using HwNas.Cli.Runs;
using HwNas.Core;
using HwNas.Core.Devices;
using HwNas.Core.Devices.Measurement;
using HwNas.Onnx.Profiling;
using HwNas.Remote.Browser;

namespace HwNas.Cli.Commands;

/// <summary><c>hwnas profile --browser</c>: serves the page, follows the devices that open it, writes a profile for each.</summary>
/// <param name="context">The world.</param>
/// <param name="bundle">What to measure.</param>
/// <param name="pathOf">Where the profile of a device goes.</param>
/// <param name="wanted">Ends when so many devices are measured.</param>
internal sealed class ProfileBrowser(CommandContext context, JobBundle bundle, Func<string, string> pathOf, int wanted)
{
    private readonly Lock _gate = new();
    private readonly HashSet<string> _measured = [];
    private readonly TaskCompletionSource _allMeasured = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Where to listen.</summary>
    public required IPAddress Address { get; init; }

    /// <summary>The port; 0 takes a free one.</summary>
    public required int Port { get; init; }

    /// <summary>Whether to serve HTTPS.</summary>
    public required bool Https { get; init; }

    /// <summary>Serves until so many devices are measured.</summary>
    public async Task Run(CancellationToken cancellation)
    {
        var hosts = Hosts(Address);
        using var certificate = Https ? SelfSignedCertificate.Create(hosts, context.Time) : null;
        using var line = ProgressLine.ForConsole(context, "profile");
        var options = new BrowserOptions { Listen = Address, Port = Port, Certificate = certificate, JournalPath = JournalOf, Keep = record => Keep(record, line) };
        var server = await BrowserServer.StartAsync(bundle, options, new BrowserFollower(line, wanted), context.Time).ConfigureAwait(false);
        await using (server.ConfigureAwait(false))
        {
            BrowserInvitation.Write(context.Error, [.. hosts.Select(server.PageAt)], server.Port, Https);
            try
            {
                await _allMeasured.Task.WaitAsync(cancellation).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                throw new InterruptedException("interrupted; the passes so far are beside the profiles (*.samples.jsonl). Continue with the same command.");
            }
        }

        line.Complete(string.Join(", ", _measured.Order(StringComparer.Ordinal)));
    }

    // A page names its device itself, so it must not be able to replace what was not measured in a browser.
    private string JournalOf(string device)
    {
        var path = pathOf(device);
        if (File.Exists(path) && DeviceProfile.Read(path).Runtime.Name != BrowserServer.RuntimeName)
            throw new InputException($"'{device}' is the name of a profile that was not measured in a browser. Give this device another name.");
        var journals = new JournalFiles(path);
        journals.BeginAfresh();
        return journals.Of(BudgetedProfile.MainStage);
    }

    private void Keep(MeasurementRecord record, ProgressLine line)
    {
        var path = pathOf(record.Device.Id);
        var profile = ProfileAssembly.Profile(record).Write(path);
        lock (_gate)
        {
            line.Note($"{record.Device.Id}: done. Profile: {path}");
            context.Out.Write(ProfileText.Of(profile));
            if (_measured.Add(record.Device.Id) && _measured.Count == wanted)
                _allMeasured.TrySetResult();
        }
    }

    // The addresses by which others reach this machine.
    private static IReadOnlyList<IPAddress> Hosts(IPAddress listen) => !listen.Equals(IPAddress.Any) && !listen.Equals(IPAddress.IPv6Any)
        ? [listen]
        : [
            .. NetworkInterface.GetAllNetworkInterfaces().Where(card => card.OperationalStatus == OperationalStatus.Up)
                .SelectMany(card => card.GetIPProperties().UnicastAddresses.Select(unicast => unicast.Address))
                .Where(found => found.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(found)).DefaultIfEmpty(IPAddress.Loopback),
        ];
}
