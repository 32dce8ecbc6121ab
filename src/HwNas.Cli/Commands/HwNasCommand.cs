using System.CommandLine;
using HwNas.Supernet.Torch;

namespace HwNas.Cli.Commands;

/// <summary>The root command with all verbs.</summary>
internal static class HwNasCommand
{
    /// <summary>A libtorch of the user's own, for every verb that trains or evaluates.</summary>
    public static Option<string?> LibtorchFolder { get; } = new("--libtorch")
    {
        Description = $"Folder of a libtorch to use in place of the package's, as {Libtorch.FolderVariable} in the environment: torch/lib of a PyTorch with CUDA, say.",
        HelpName = "DIR",
        Recursive = true,
        Hidden = true,
    };

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
        LibtorchFolder,
    };
}
