using System.CommandLine;
using HwNas.Cli.Reporting;
using HwNas.Core;
using HwNas.Core.Devices;
using HwNas.Core.Spaces;
using HwNas.Onnx.Profiling;

namespace HwNas.Cli.Commands;

/// <summary><c>hwnas profile</c>: measures the latency table of this machine, and shows, compares and checks profiles.</summary>
internal static class ProfileCommand
{
    public static Command Create(CommandContext context)
    {
        var measurement = new MeasurementOptions();
        var output = new Option<string>("--out")
        {
            Description = "The profile to write. Default: device-profiles/<device>.json.",
            HelpName = "FILE",
        };
        var device = SharedOptions.Device("Id of this device, by which budgets name it. Default: from the processor's name.");
        var browser = new BrowserOptionSet();
        var command = new Command("profile",
            """
            Measure the latency table of this machine, or of phones.

            This machine is measured through ONNX Runtime, phones in their browsers, other devices by agents or kits.

            Examples:
              hwnas profile --device edge-box
              hwnas profile --space my-space.json --threads 2 --out box.json
              hwnas profile --space ofa-mobilenetv3 --minutes 10
              hwnas profile --browser
              hwnas profile --browser --listen 0.0.0.0 --https --devices 2
              hwnas profile show device-profiles/edge-box.json
              hwnas profile compare device-profiles/box.json device-profiles/phone.json
              hwnas profile check device-profiles/edge-box.json --space fashion-mnist
              hwnas profile --agent http://192.168.1.20:8270 --token-file agent.token
              hwnas profile kit -o kit.zip
              hwnas profile run kit.zip -o result.json
              hwnas profile import result.json
              hwnas profile export device-profiles/box.json -o ofa-tables
            """)
        {
            output, device,
        };
        measurement.AddTo(command);
        browser.AddTo(command, several: true);
        var agents = new AgentAddresses().AddTo(command);
        command.Add(CreateShow(context));
        command.Add(CreateCompare(context));
        command.Add(CreateCheck(context));
        command.Add(ProfileKitCommand.Create(context));
        command.Add(ProfileRunCommand.Create(context));
        command.Add(ProfileImportCommand.Create(context));
        command.Add(ProfileExportCommand.Create(context));
        command.SetAction(async (parsed, cancellation) =>
        {
            var request = new ProfileRequest(
                measurement.Space(parsed, context),
                measurement.Read(parsed), measurement.Budget(parsed), measurement.IsEndToEnd(parsed));
            if (browser.IsAskedFor(parsed))
            {
                await browser.Profile(context, parsed, request, parsed.GetValue(output), cancellation);
                return ExitCodes.Done;
            }

            if (agents.Of(parsed) is { Count: > 0 } chosen)
            {
                if (parsed.GetValue(device) is not null)
                    throw new InputException("An agent gives its device its id: say --device to 'hwnas agent', not here.");
                return await ProfileAgents.RunAsync(context, chosen, request, parsed.GetValue(output), cancellation);
            }

            if (SharedOptions.ProblemWithThreads(request.Options.Runtime.IntraOpThreads) is { } problem)
                throw new InputException(problem);
            var id = parsed.GetValue(device) ?? DeviceProbe.Describe(null).Id;
            var path = parsed.GetValue(output) ?? Path.Combine("device-profiles", id + ".json");
            var profile = await Run(context, request, id, path, cancellation);
            context.Out.Write(ProfileText.Of(profile, context.Screen));
            context.Say($"Profile: {path}");
            return ExitCodes.Done;
        });
        return command;
    }

    /// <summary>Measures this machine, writes the profile, and shows how it goes.</summary>
    public static async Task<DeviceProfile> Run(
        CommandContext context, ProfileRequest request, string? device, string path, CancellationToken cancellation)
    {
        using var line = ProgressLine.ForConsole(context, "profile");
        var profile = await Profiling.HereAsync(
            request, device, path, context.OfRun, new MeasurementReporter(line), cancellation);
        line.Complete($"{profile.Entries.Length} layers, {ProfileText.Trust(profile)}");
        return profile;
    }

    private static Command CreateShow(CommandContext context)
    {
        var file = new Argument<string>("FILE") { Description = "A device profile." };
        var command = new Command("show",
            """
            Show a profile: the device, how it was measured, how far to trust it.

            Examples:
              hwnas profile show device-profiles/edge-box.json
            """) { file };
        command.SetAction(parsed =>
        {
            context.Out.Write(ProfileText.Of(DeviceProfile.Read(parsed.GetValue(file)!), context.Screen));
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command CreateCompare(CommandContext context)
    {
        var first = new Argument<string>("FIRST") { Description = "A device profile." };
        var second = new Argument<string>("SECOND") { Description = "Another device profile." };
        var command = new Command("compare",
            """
            Compare two profiles: whether they order layers alike, and the ratio of times for each kind of layer.

            Examples:
              hwnas profile compare device-profiles/box.json device-profiles/phone.json
            """) { first, second };
        command.SetAction(parsed =>
        {
            var (a, b) = (DeviceProfile.Read(parsed.GetValue(first)!), DeviceProfile.Read(parsed.GetValue(second)!));
            context.Out.Write(ProfileText.OfComparison(a, b, context.Screen));
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command CreateCheck(CommandContext context)
    {
        var file = new Argument<string>("FILE") { Description = "A device profile." };
        var space = SharedOptions.Space();
        var command = new Command("check",
            """
            List the layers of a space that a profile does not cover.

            Examples:
              hwnas profile check device-profiles/edge-box.json --space fashion-mnist
            """) { file, space };
        command.SetAction(parsed =>
        {
            var profile = DeviceProfile.Read(parsed.GetValue(file)!);
            var missing = LatencyTable.MissingLayers(profile, SearchSpace.Load(parsed.GetValue(space)!));
            foreach (var layer in missing)
                context.Out.WriteLine(layer);
            context.Say(
                missing.Count == 0
                    ? "The profile covers the space."
                    : $"{Plural.Of(missing.Count, "layer is", "layers are")} not covered.");
            return missing.Count == 0 ? ExitCodes.Done : ExitCodes.Failed;
        });
        return command;
    }
}
