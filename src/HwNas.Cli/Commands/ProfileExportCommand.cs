using System.CommandLine;
using HwNas.Cli.Formats;
using HwNas.Core;
using HwNas.Core.Devices;
using HwNas.Core.Files;
using HwNas.Core.Spaces.MbConv;

namespace HwNas.Cli.Commands;

/// <summary><c>hwnas profile export</c>: writes a profile as the latency tables of once-for-all.</summary>
internal static class ProfileExportCommand
{
    public static Command Create(CommandContext context)
    {
        var file = new Argument<string>("FILE") { Description = "A device profile." };
        var space = SharedOptions.Space();
        var format = new Option<string>("--format")
        {
            Description = "The format.",
            HelpName = ImportFormats.OfaYaml,
            DefaultValueFactory = _ => ImportFormats.OfaYaml,
        };
        var output = new Option<string>("--out", "-o")
        {
            Description = "The folder to write to: a file for each resolution.",
            HelpName = "DIR",
            Required = true,
        };
        var command = new Command("export",
            """
            Write a profile as the latency tables of once-for-all: one YAML file for each resolution.

            Examples:
              hwnas profile export device-profiles/box.json -o ofa-tables
            """) { file, space, format, output };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(format) != ImportFormats.OfaYaml)
                throw new InputException($"--format {parsed.GetValue(format)} is not known. Known: {ImportFormats.OfaYaml}.");
            var (profile, of) = (DeviceProfile.Read(parsed.GetValue(file)!), MbConvSpace.Load(parsed.GetValue(space)!));
            Directory.CreateDirectory(parsed.GetValue(output)!);
            foreach (var resolution in of.Resolutions)
            {
                var path = Path.Combine(parsed.GetValue(output)!, $"{resolution}_lookup_table.yaml");
                AtomicFile.WriteText(path, OfaLatencyTable.Export(profile, of, resolution));
                context.Out.WriteLine(path);
            }

            return ExitCodes.Done;
        });
        return command;
    }
}
