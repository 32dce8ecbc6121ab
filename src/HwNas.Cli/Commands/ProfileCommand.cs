using System.CommandLine;
using HwNas.Cli.Reporting;
using HwNas.Core;
using HwNas.Core.Devices;
using HwNas.Core.Devices.Measurement;
using HwNas.Core.SearchSpaces;
using HwNas.Onnx.Profiling;

namespace HwNas.Cli.Commands;

/// <summary><c>hwnas profile</c>: measures the latency table of this machine, and shows, compares and checks profiles.</summary>
internal static class ProfileCommand
{
    public static Command Create(CommandContext context)
    {
        var space = SharedOptions.Space();
        var output = new Option<string>("--out") { Description = "The profile to write. Default: device-profiles/<device>.json.", HelpName = "FILE" };
        var device = new Option<string>("--device") { Description = "Id of this device, by which budgets name it. Default: from the processor's name.", HelpName = "ID" };
        var threads = new Option<int>("--threads") { Description = "Threads that share the work of one network.", DefaultValueFactory = _ => 1 };
        var seconds = SecondsOption();
        var seed = SharedOptions.Seed();
        var command = new Command("profile",
            """
            Measure the latency table of this machine through ONNX Runtime.

            Examples:
              hwnas profile --device edge-box
              hwnas profile --space my-space.json --threads 2 --out device-profiles/edge-box-2-threads.json
              hwnas profile show device-profiles/edge-box.json
              hwnas profile compare device-profiles/edge-box.json device-profiles/phone.json
              hwnas profile check device-profiles/edge-box.json --space fashion-mnist
              hwnas profile --agent http://192.168.1.20:8270 --token-file agent.token
              hwnas profile kit -o kit.zip
              hwnas profile run kit.zip -o result.json
              hwnas profile import result.json
            """)
        {
            space, output, device, threads, seconds, seed,
        };
        var agents = new AgentAddresses().AddTo(command);
        command.Add(CreateShow(context));
        command.Add(CreateCompare(context));
        command.Add(CreateCheck(context));
        command.Add(ProfileKitCommand.Create(context));
        command.Add(ProfileRunCommand.Create(context));
        command.Add(ProfileImportCommand.Create(context));
        command.SetAction(async (parsed, cancellation) =>
        {
            var maximum = InRange(parsed.GetValue(seconds));
            var options = Options(parsed.GetValue(threads), parsed.GetValue(seed), maximum);
            if (agents.Of(parsed) is { Count: > 0 } chosen)
            {
                if (parsed.GetValue(device) is not null)
                    throw new InputException("An agent gives its device its id: say --device to 'hwnas agent', not here.");
                return await ProfileAgents.RunAsync(context, chosen, JobWriter.ForSpace(SearchSpace.Load(parsed.GetValue(space)!), options), parsed.GetValue(output), cancellation);
            }

            var id = parsed.GetValue(device) ?? DeviceProbe.Describe(null).Id;
            var path = parsed.GetValue(output) ?? Path.Combine("device-profiles", id + ".json");
            var profile = Run(context, SearchSpace.Load(parsed.GetValue(space)!), id, options, path, cancellation);
            context.Out.Write(ProfileText.Of(profile));
            context.Error.WriteLine($"Profile: {path}");
            return ExitCodes.Done;
        });
        return command;
    }

    /// <summary>The options of a measurement that takes at most <paramref name="maxSeconds"/>.</summary>
    public static ProfileOptions Options(int threads, int seed, double maxSeconds) => new()
    {
        Runtime = new RuntimeRequest(IntraOpThreads: threads),
        Measurement = new MeasurementSettings { Seed = seed }.AtMost(maxSeconds),
    };

    /// <summary>Measures this machine and writes the profile.</summary>
    public static DeviceProfile Run(CommandContext context, SearchSpace space, string? device, ProfileOptions options, string path, CancellationToken cancellation)
    {
        var journal = Path.ChangeExtension(path, ".samples.jsonl");
        // With a profile beside them, the samples are those of a finished measurement: this one begins afresh.
        if (File.Exists(path))
            File.Delete(journal);
        using var line = ProgressLine.ForConsole(context, "profile");
        try
        {
            var record = new JobRunner(device, context.Time).Run(JobWriter.ForSpace(space, options), journal, new MeasurementReporter(line), cancellation);
            var profile = ProfileAssembly.Profile(record).Write(path);
            line.Complete($"{profile.Entries.Length} layers, networks predicted within {profile.Validation.LeaveOneOut.MedianErrorPercent:F1} % (median)");
            return profile;
        }
        catch (OperationCanceledException)
        {
            throw new InterruptedException($"interrupted; the passes so far are in '{journal}'. Continue with the same command.");
        }
    }

    private static Command CreateShow(CommandContext context)
    {
        var file = new Argument<string>("FILE") { Description = "A device profile." };
        var command = new Command("show", "Show a profile: the device, how it was measured, how far to trust it.") { file };
        command.SetAction(parsed =>
        {
            context.Out.Write(ProfileText.Of(DeviceProfile.Read(parsed.GetValue(file)!)));
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command CreateCompare(CommandContext context)
    {
        var first = new Argument<string>("FIRST") { Description = "A device profile." };
        var second = new Argument<string>("SECOND") { Description = "Another device profile." };
        var command = new Command("compare", "Compare two profiles: whether they order layers alike, and the ratio of times for each kind of layer.") { first, second };
        command.SetAction(parsed =>
        {
            var (a, b) = (DeviceProfile.Read(parsed.GetValue(first)!), DeviceProfile.Read(parsed.GetValue(second)!));
            context.Out.Write(ProfileText.OfComparison(a, b));
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command CreateCheck(CommandContext context)
    {
        var file = new Argument<string>("FILE") { Description = "A device profile." };
        var space = SharedOptions.Space();
        var command = new Command("check", "List the layers of a space that a profile does not cover.") { file, space };
        command.SetAction(parsed =>
        {
            var profile = DeviceProfile.Read(parsed.GetValue(file)!);
            var missing = LatencyTable.MissingLayers(profile, SearchSpace.Load(parsed.GetValue(space)!));
            foreach (var layer in missing)
                context.Out.WriteLine(layer);
            context.Error.WriteLine(missing.Count == 0 ? "The profile covers the space." : $"{missing.Count} layers are not covered.");
            return missing.Count == 0 ? ExitCodes.Done : ExitCodes.Failed;
        });
        return command;
    }

    /// <summary>How long to measure.</summary>
    public static Option<double> SecondsOption() => new("--seconds") { Description = "Measure at most so long.", DefaultValueFactory = _ => new MeasurementSettings().MaxSeconds };

    /// <summary>The seconds, where they are possible.</summary>
    public static double InRange(double seconds) => seconds is >= 1 and <= 86_400
        ? seconds
        : throw new InputException($"--seconds {seconds} is not in 1..86400.");
}
