using System.CommandLine;
using HwNas.Core;
using HwNas.Core.Spaces;

namespace HwNas.Cli.Commands;

/// <summary><c>hwnas space check</c>: whether a file is a valid space; all of its problems at once.</summary>
internal static class SpaceCheckCommand
{
    public static Command Create(CommandContext context)
    {
        var command = new Command("check",
            """
            Check the file of a search space; all of its problems are listed at once.

            Examples:
              hwnas space check my-space.json
            """);
        var input = new SpaceInput().AddTo(command);
        command.SetAction(parsed =>
        {
            var space = input.Of(parsed);

            // Building the table tells whether searches can afford the space.
            GenomeCostTable.Build(space);
            context.Out.WriteLine(context.Screen.Fold(
                $"'{input.NameOf(parsed)}' is a valid search space of {Plural.Of(space.Genomes.Count, "network")}."));
        });
        return command;
    }
}
