using System.CommandLine;
using HwNas.Supernet.Torch;

namespace HwNas.Cli.Commands;

/// <summary>The root command with all verbs.</summary>
internal static class HwNasCommand
{
    /// <summary>A libtorch of the user's own, for every verb that trains or evaluates.</summary>
    public static Option<string?> LibtorchFolder { get; } = new("--libtorch")
    {
        Description = $"A libtorch of your own, such as the torch/lib of a PyTorch; as {Libtorch.FolderVariable} in the environment.",
        HelpName = "DIR",
        Recursive = true,
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
