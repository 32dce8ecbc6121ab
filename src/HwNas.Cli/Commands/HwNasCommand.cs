using System.CommandLine;

namespace HwNas.Cli.Commands;

/// <summary>The root command with all verbs.</summary>
internal static class HwNasCommand
{
    public static RootCommand Create(CommandContext context) => new(
        "Hardware-aware neural architecture search: train a supernet once, profile a device, search, export as ONNX.")
    {
        QuickstartCommand.Create(context),
        TrainCommand.Create(context),
        ProfileCommand.Create(context),
        SearchCommand.Create(context),
        BestCommand.Create(context),
        ExportCommand.Create(context),
        PlotCommand.Create(context),
        VerifyCommand.Create(context),
        AgentVerb.Create(context),
        DoctorCommand.Create(context),
        SpaceCommand.Create(context, Console.In),
    };
}
