using System.CommandLine;
using HwNas.Supernet.Torch;

namespace HwNas.Cli.Commands;

/// <summary>The root command with all verbs.</summary>
internal static class HwNasCommand
{
    /// <summary>A libtorch of the user's own, for every verb that trains or evaluates.</summary>
    public static Option<string?> LibtorchFolder { get; } = new("--libtorch")
    {
        Description = $"Folder of a libtorch of your own (or {Libtorch.FolderVariable}).",
        HelpName = "DIR",
        Recursive = true,
    };

    public static RootCommand Create(CommandContext context)
    {
        var root = new RootCommand(
            "Hardware-aware neural architecture search; more by 'hwnas VERB --help'.")
        {
            QuickstartCommand.Create(context),
            AutoCommand.Create(context),
            TrainCommand.Create(context),
            FinetuneCommand.Create(context),
            ProfileCommand.Create(context),
            SearchCommand.Create(context),
            BestCommand.Create(context),
            ExportCommand.Create(context),
            PlotCommand.Create(context),
            RunsCommand.Create(context),
            VerifyCommand.Create(context),
            AgentVerb.Create(context),
            DoctorCommand.Create(context),
            SpaceCommand.Create(context, Console.In),
            CompletionCommand.Create(context),
            LibtorchFolder,
        };
        ShortHelp.Install(root, context.Screen.Columns);
        return root;
    }
}
