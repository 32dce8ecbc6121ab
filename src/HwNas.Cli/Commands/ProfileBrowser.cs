using HwNas.Cli.Reporting;
using HwNas.Core;
using HwNas.Core.Devices;
using HwNas.Core.Devices.Measurement;
using HwNas.Core.Files;
using HwNas.Onnx.Profiling;
using HwNas.Remote.Browser;

namespace HwNas.Cli.Commands;

/// <summary><c>hwnas profile --browser</c>: writes a profile for each device whose browser measures the space.</summary>
/// <param name="context">The world.</param>
/// <param name="host">Serves the page.</param>
/// <param name="bundle">What to measure.</param>
/// <param name="pathOf">Where the profile of a device goes.</param>
internal sealed class ProfileBrowser(CommandContext context, BrowserHost host, JobBundle bundle, Func<string, string> pathOf)
{
    /// <summary>Serves until so many devices are measured.</summary>
    public async Task Run(int wanted, CancellationToken cancellation)
    {
        using var line = ProgressLine.ForConsole(context, "profile");
        var done = new SortedSet<string>(StringComparer.Ordinal);
        using var held = new HeldLocks();
        try
        {
            await host.Serve(bundle, wanted, device => JournalOf(device, held), Keep, line, cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            throw new InterruptedException(
                "interrupted; the passes so far are beside the profiles (*.unfinished.jsonl).");
        }

        line.Complete(string.Join(", ", done));

        void Keep(MeasurementRecord record)
        {
            var path = pathOf(record.Device.Id);
            var profile = ProfileAssembly.Profile(record).Write(path);
            new JournalFiles(path).Complete();
            line.Note($"{record.Device.Id}: done. Profile: {path}");
            context.Out.Write(ProfileText.Of(profile, context.Screen));
            done.Add(record.Device.Id);
        }
    }

    // A page names its device itself, so it must not be able to replace what was not measured in a browser.
    private string JournalOf(string device, HeldLocks held)
    {
        var path = pathOf(device);
        if (File.Exists(path) && DeviceProfile.Read(path).Runtime.Name != BrowserServer.RuntimeName)
        {
            throw new InputException(
                $"'{device}' is the name of a profile that was not measured in a browser. Give this device another name.");
        }

        var journals = new JournalFiles(path);
        held.Take(device, () => journals.Lock(context.OfRun));
        return journals.Unfinished();
    }

    // A page may come again, and several may come at once.
    private sealed class HeldLocks : IDisposable
    {
        private readonly Dictionary<string, FileLock> _locks = [];

        public void Take(string device, Func<FileLock> take)
        {
            lock (_locks)
            {
                if (!_locks.ContainsKey(device))
                    _locks[device] = take();
            }
        }

        public void Dispose()
        {
            foreach (var held in _locks.Values)
                held.Dispose();
        }
    }
}
