using System.CommandLine;
using HwNas.Cli.Formats;
using HwNas.Cli.Reporting;
using HwNas.Core;
using HwNas.Core.Devices;
using HwNas.Core.Devices.Measurement;
using HwNas.Core.Files;
using HwNas.Core.Spaces;
using HwNas.Core.Spaces.MbConv;
using HwNas.Onnx.Kits;

namespace HwNas.Cli.Commands;

/// <summary>
/// <c>hwnas profile import</c>: turns what was measured elsewhere into a profile: with a kit, or for once-for-all.
/// </summary>
internal static class ProfileImportCommand
{
    public static Command Create(CommandContext context)
    {
        var files = new Argument<string[]>("RESULT")
        {
            Description = "What 'hwnas profile run' wrote; with --kit, what the kit's script wrote; "
                + "with --format ofa-yaml, one file for each resolution.",
            Arity = ArgumentArity.OneOrMore,
        };
        var output = new Option<string>("--out", "-o")
        {
            Description = "The profile to write. Default: device-profiles/<device>.json.",
            HelpName = "FILE",
        };
        var kit = new Option<string>("--kit")
        {
            Description = "RESULT is of the script of this kit, which measured with onnxruntime_perf_test.",
            HelpName = "FILE",
        };
        var format = new Option<ImportFormat>("--format")
        {
            Description = "What the files are. Default: result.",
            CustomParser = ImportFormats.Parse,
            HelpName = "result|ofa-yaml",
        };
        var space = SharedOptions.Space();
        space.Description = "With --format ofa-yaml: the space whose layers are looked up.";
        var device = SharedOptions.Device("With --kit or ofa-yaml: id of the device.");
        var cpu = new Option<string>("--cpu") { Description = "With --kit: model of its processor.", HelpName = "NAME" };
        var os = new Option<string>("--os") { Description = "With --kit: its operating system.", HelpName = "NAME" };
        var version = new Option<string>("--runtime-version")
        {
            Description = "With --kit: version of the ONNX Runtime that was measured.",
            HelpName = "VERSION",
        };
        var command = new Command("import",
            """
            Compute a profile from a device's result, or read the latency tables of once-for-all.

            Examples:
              hwnas profile import result.json
              hwnas profile import a.csv --kit k.zip --device pi5 --runtime-version 1.31.1
              hwnas profile import *.yaml --format ofa-yaml --space bignas --device pixel
            """) { files, output, format, space, kit, device, cpu, os, version };
        command.SetAction(parsed =>
        {
            var paths = parsed.GetValue(files)!;
            if (parsed.GetValue(format) == ImportFormat.OfaYaml)
                return Keep(OfTables(context, paths, MbConvSpace.Load(parsed.GetValue(space)!), parsed.GetValue(device)), []);
            var record = parsed.GetValue(kit) is { } kitPath
                ? OfScript(
                    Only(paths), kitPath, parsed.GetValue(device), parsed.GetValue(cpu) ?? "", parsed.GetValue(os) ?? "",
                    parsed.GetValue(version))
                : OfRun(Only(paths), parsed.GetValue(device) ?? parsed.GetValue(version));
            return Keep(ProfileAssembly.Profile(record), [record]);

            int Keep(DeviceProfile profile, IReadOnlyList<MeasurementRecord> records)
            {
                var target = parsed.GetValue(output) ?? Path.Combine("device-profiles", profile.Device.Id + ".json");
                var journals = new JournalFiles(target);
                using var held = journals.Lock(context.OfRun);
                context.Out.Write(ProfileText.Of(profile.Write(target), context.Screen));
                journals.Keep(records);
                context.Say($"Profile: {target}");
                return ExitCodes.Done;
            }
        });
        return command;
    }

    private static string Only(string[] paths) => paths is [var path]
        ? path
        : throw new InputException($"A profile is of one result, but {paths.Length} files were given.");

    private static DeviceProfile OfTables(CommandContext context, string[] paths, MbConvSpace space, string? device)
    {
        if (device is null)
            throw new InputException("Once-for-all's tables do not say which device they are of: give --device ID.");
        var profile = OfaLatencyTable.Import(paths, space, device, context.Time.GetUtcNow());
        var missing = LatencyTable.MissingLayers(profile, space);
        if (missing.Count > 0)
        {
            context.Say(
                $"The tables lack {missing.Count} of {space.DistinctBlocks().Count} layers of '{space.Name}', "
                + $"such as {missing[0]}: searches need a space with their resolutions only.");
        }

        return profile;
    }

    private static MeasurementRecord OfRun(string path, string? description) => description is null
        ? MeasurementRecord.Parse(StrictJson.ReadText(path), path)
        : throw new InputException(
            "A result of 'hwnas profile run' says itself what was measured: leave out --device and --runtime-version, "
            + "or name the kit of a script's result with --kit.");

    private static MeasurementRecord OfScript(string path, string kitPath, string? device, string cpu, string os, string? version)
    {
        if (device is null || version is null)
        {
            throw new InputException(
                "The result of a kit's script does not say what was measured: give --device ID and --runtime-version VERSION.");
        }

        using var kit = MeasurementKit.Open(kitPath);
        var described = new DeviceDescription(device, device, "", "", cpu, [], [], 0, "", os, "");
        return PerfTestResults.Read(path, kit.Bundle.Job, described, version);
    }
}
