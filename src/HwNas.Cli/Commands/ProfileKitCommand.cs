using System.CommandLine;
using HwNas.Core;
using HwNas.Core.Files;
using HwNas.Onnx.Kits;
using HwNas.Onnx.Profiling;

namespace HwNas.Cli.Commands;

/// <summary>
/// <c>hwnas profile kit</c>: writes what a device is to measure as one zip file, for devices that no network reaches.
/// </summary>
internal static class ProfileKitCommand
{
    public static Command Create(CommandContext context)
    {
        var output = new Option<string>("--out", "-o")
        {
            Description = "The kit to write.",
            HelpName = "FILE",
            DefaultValueFactory = _ => "kit.zip",
        };
        var measurement = new MeasurementOptions();
        var command = new Command("kit",
            """
            Write a kit: job, models and a script, to be measured where no network reaches.

            Examples:
              hwnas profile kit -o kit.zip
              hwnas profile kit --space my-space.json --threads 4 -o kit.zip
            """) { output };
        measurement.AddTo(command);
        command.SetAction(parsed =>
        {
            if (measurement.Budget(parsed) is not null)
            {
                throw new InputException(
                    "A kit is measured in one step, but --minutes looks at what it has measured to choose the rest: "
                    + "give --seconds, or reach the device by an agent.");
            }

            var path = parsed.GetValue(output)!;
            AtomicFile.RequireWritable(path);
            var (space, options) = (measurement.Space(parsed, context), measurement.Read(parsed));
            var bundle = measurement.IsEndToEnd(parsed)
                ? JobWriter.ForLayers(space, [], options)
                : JobWriter.ForSpace(space, options);
            MeasurementKit.Write(path, bundle);
            context.Say(
                $"Kit: {path}, {Plural.Of(bundle.Job.Models.Length, "model")}. "
                + $"Copy it to the device; there: hwnas profile run {Path.GetFileName(path)}");
            return ExitCodes.Done;
        });
        return command;
    }
}
