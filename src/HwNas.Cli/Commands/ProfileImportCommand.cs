using System.CommandLine;
using HwNas.Cli.Reporting;
using HwNas.Core;
using HwNas.Core.Devices;
using HwNas.Core.Devices.Measurement;
using HwNas.Core.Files;
using HwNas.Onnx.Kits;

namespace HwNas.Cli.Commands;

/// <summary><c>hwnas profile import</c>: turns what a device measured with a kit into a profile.</summary>
internal static class ProfileImportCommand
{
    public static Command Create(CommandContext context)
    {
        var file = new Argument<string>("RESULT") { Description = "What 'hwnas profile run' wrote; or, with --kit, what the kit's script wrote." };
        var output = new Option<string>("--out", "-o") { Description = "The profile to write. Default: device-profiles/<device>.json.", HelpName = "FILE" };
        var kit = new Option<string>("--kit") { Description = "RESULT is of the script of this kit, which measured with onnxruntime_perf_test.", HelpName = "FILE" };
        var device = new Option<string>("--device") { Description = "With --kit: id of the device.", HelpName = "ID" };
        var cpu = new Option<string>("--cpu") { Description = "With --kit: model of its processor.", HelpName = "NAME", DefaultValueFactory = _ => "" };
        var os = new Option<string>("--os") { Description = "With --kit: its operating system.", HelpName = "NAME", DefaultValueFactory = _ => "" };
        var version = new Option<string>("--runtime-version") { Description = "With --kit: version of the ONNX Runtime that was measured.", HelpName = "VERSION" };
        var command = new Command("import", "Compute the profile from a device's result.") { file, output, kit, device, cpu, os, version };
        command.SetAction(parsed =>
        {
            var path = parsed.GetValue(file)!;
            var record = parsed.GetValue(kit) is { } kitPath
                ? OfScript(path, kitPath, parsed.GetValue(device), parsed.GetValue(cpu)!, parsed.GetValue(os)!, parsed.GetValue(version))
                : OfRun(path, parsed.GetValue(device) ?? parsed.GetValue(version));
            var profile = ProfileAssembly.Profile(record);
            var target = parsed.GetValue(output) ?? Path.Combine("device-profiles", profile.Device.Id + ".json");
            context.Out.Write(ProfileText.Of(profile.Write(target)));
            context.Error.WriteLine($"Profile: {target}");
            return ExitCodes.Done;
        });
        return command;
    }

    private static MeasurementRecord OfRun(string path, string? description) => description is null
        ? MeasurementRecord.Parse(StrictJson.ReadText(path), path)
        : throw new InputException("A result of 'hwnas profile run' says itself what was measured: leave out --device and --runtime-version, or name the kit of a script's result with --kit.");

    private static MeasurementRecord OfScript(string path, string kitPath, string? device, string cpu, string os, string? version)
    {
        if (device is null || version is null)
            throw new InputException("The result of a kit's script does not say what was measured: give --device ID and --runtime-version VERSION.");
        using var kit = MeasurementKit.Open(kitPath);
        var described = new DeviceDescription(device, device, "", "", cpu, [], [], 0, "", os, "");
        return PerfTestResults.Read(path, kit.Bundle.Job, described, version);
    }
}
