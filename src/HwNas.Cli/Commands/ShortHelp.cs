using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace HwNas.Cli.Commands;

/// <summary>Help as wide as the terminal, which lists subcommands by the first paragraph of their descriptions.</summary>
internal sealed class ShortHelp(HelpAction help, int? columns) : SynchronousCommandLineAction
{
    public static void Install(RootCommand root, int? columns)
    {
        var option = root.Options.OfType<HelpOption>().Single();
        option.Action = new ShortHelp((HelpAction)option.Action!, columns);
    }

    /// <summary>Help is asked for before the command is complete.</summary>
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        if (columns is { } width)
            help.MaxWidth = width;

        // All verbs fit a screen without what each one's own help says.
        if (parseResult.CommandResult.Command is RootCommand root)
        {
            foreach (var option in root.Options)
                option.Hidden = true;
        }

        // The rest, examples above all, is in each one's own help.
        foreach (var command in parseResult.CommandResult.Command.Subcommands)
            command.Description = command.Description?.ReplaceLineEndings("\n").Split("\n\n")[0].Replace('\n', ' ');
        return help.Invoke(parseResult);
    }
}
