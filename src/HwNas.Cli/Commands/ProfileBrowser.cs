using HwNas.Cli.Reporting;
using HwNas.Cli.Runs;
using HwNas.Core;
using HwNas.Core.Devices;
using HwNas.Core.Devices.Measurement;
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
        try
        {
            await host.Serve(bundle, wanted, JournalOf, Keep, line, cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            throw new InterruptedException("interrupted; the passes so far are beside the profiles (*.samples.jsonl). Continue with the same command.");
        }

        line.Complete(string.Join(", ", done));

        void Keep(MeasurementRecord record)
        {
            var path = pathOf(record.Device.Id);
            var profile = ProfileAssembly.Profile(record).Write(path);
            line.Note($"{record.Device.Id}: done. Profile: {path}");
            context.Out.Write(ProfileText.Of(profile));
            done.Add(record.Device.Id);
        }
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
}
