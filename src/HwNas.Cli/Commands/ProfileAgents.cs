using HwNas.Cli.Reporting;
using HwNas.Core;
using HwNas.Core.Devices;
using HwNas.Core.Devices.Measurement;
using HwNas.Core.Files;
using HwNas.Remote.Agents;

namespace HwNas.Cli.Commands;

/// <summary>
/// <c>hwnas profile --agent</c>: has one or several agents measure the same job at once, a profile for each device.
/// </summary>
internal static class ProfileAgents
{
    /// <returns>The exit code: of several agents, one that fails does not stop the others.</returns>
    /// <exception cref="InputException">The only agent fails.</exception>
    public static async Task<int> RunAsync(
        CommandContext context, IReadOnlyList<(string Address, AgentToken Token)> agents, ProfileRequest request, string? output,
        CancellationToken cancellation)
    {
        if (output is not null && agents.Count > 1)
        {
            throw new InputException(
                "--out names one profile, but several agents are asked. Leave it out: each profile is called after its device.");
        }

        var failures = await Task.WhenAll(agents.Select(agent => MeasureAsync(
            context, agent.Address, agent.Token, request, output, isAlone: agents.Count == 1, cancellation)));
        cancellation.ThrowIfCancellationRequested();
        var failed = failures.OfType<InputException>().ToList();
        if (failed.Count > 0 && agents.Count == 1)
            throw failed[0];
        foreach (var failure in failed)
            await context.Error.WriteLineAsync(VisibleText.Message("hwnas", failure.Message));
        if (failed.Count > 0)
        {
            await context.Error.WriteLineAsync(
                $"{failed.Count} of {Plural.Of(agents.Count, "agent")} failed; the other profiles are written.");
        }

        return failed.Count > 0 ? ExitCodes.Failed : ExitCodes.Done;
    }

    private static async Task<InputException?> MeasureAsync(
        CommandContext context, string address, AgentToken token, ProfileRequest request, string? output, bool isAlone,
        CancellationToken cancellation)
    {
        try
        {
            using var client = new AgentClient(address, token, new AgentPatience(), context.Time);
            var device = (await client.InfoAsync(cancellation)).Device.Id;
            var path = output ?? Path.Combine("device-profiles", device + ".json");
            DeviceIds.Require(device, address);
            using var line = isAlone ? ProgressLine.ForConsole(context, device) : ProgressLine.ForLog(context, device);
            var journals = new JournalFiles(path);
            // Also where two addresses lead to one device, or two devices have one id.
            using var held = journals.Lock(context.OfRun);
            // With a profile there, what the agent has is of a finished measurement, unless it was asked to measure anew since.
            var fresh = File.Exists(path) && !File.Exists(journals.Asked);
            var progress = new Asking(journals.Asked, new MeasurementReporter(line));
            var records = await Profiling.MeasureAsync(
                request, (_, bundle) => client.MeasureAsync(bundle, fresh, progress, cancellation), context.OfRun);
            var profile = ProfileAssembly.Profile(records).Write(path);
            journals.Keep(records);
            line.Complete($"{profile.Entries.Length} layers, {ProfileText.Trust(profile)}");
            if (isAlone)
                await context.Out.WriteAsync(ProfileText.Of(profile, context.Screen));
            await context.Error.WriteLineAsync($"Profile: {path}");
            return null;
        }
        catch (InputException error)
        {
            return new InputException($"{address}: {error.Message}", error);
        }
        catch (OperationCanceledException)
        {
            throw new InterruptedException("interrupted; the agents go on measuring.");
        }
    }

    // Once the agent measures, what it had before is gone.
    private sealed class Asking(string note, IProgress<MeasurementProgress> progress) : IProgress<MeasurementProgress>
    {
        private bool _isNoted;

        public void Report(MeasurementProgress value)
        {
            if (!_isNoted)
                AtomicFile.WriteText(note, "");
            _isNoted = true;
            progress.Report(value);
        }
    }
}
