using System.CommandLine;
using HwNas.Core.Spaces;

namespace HwNas.Cli.Commands;

/// <summary><c>hwnas space check</c>: whether a file is a valid space; all of its problems at once.</summary>
internal static class SpaceCheckCommand
{
    public static Command Create(CommandContext context)
    {
        var file = SpaceCommand.SpaceArgument();
        var command = new Command("check",
            """
            Check the file of a search space; all of its problems are listed at once.

            Examples:
              hwnas space check my-space.json
            """) { file };
        command.SetAction(parsed =>
        {
            var space = SearchSpace.Load(parsed.GetValue(file)!);

            // Building the table tells whether searches can afford the space.
            GenomeCostTable.Build(space);
            context.Out.WriteLine($"'{parsed.GetValue(file)}' is a valid search space of {space.Genomes.Count} networks.");
        });
        return command;
    }
}
