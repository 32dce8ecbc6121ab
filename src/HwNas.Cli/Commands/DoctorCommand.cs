using System.CommandLine;
using HwNas.Cli.Doctor;
using HwNas.Core.Files;

namespace HwNas.Cli.Commands;

/// <summary><c>hwnas doctor</c>: what this machine has, and what to install where something is missing.</summary>
internal static class DoctorCommand
{
    public static Command Create(CommandContext context)
    {
        var json = new Option<bool>("--json") { Description = "Machine-readable output." };
        var data = SharedOptions.Data();
        var command = new Command("doctor",
            """
            Report what this machine has, and what to install.

            Packages, native libraries, processor, GPUs and data sets.

            Examples:
              hwnas doctor
              hwnas doctor --json
              hwnas doctor --data photos
            """)
        {
            json, data,
        };
        command.SetAction(parsed =>
        {
            var report = MachineProbe.Read(parsed.GetValue(data)!);
            context.Out.Write(parsed.GetValue(json) ? StrictJson.Serialize(report) : context.Screen.Fold(MachineText.Of(report)));
            return report.CanRunMainJob ? ExitCodes.Done : ExitCodes.Failed;
        });
        return command;
    }
}
