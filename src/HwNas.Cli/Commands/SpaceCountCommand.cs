using System.CommandLine;
using System.Text.Json;
using HwNas.Core.Files;
using HwNas.Core.Spaces;

namespace HwNas.Cli.Commands;

/// <summary><c>hwnas space count</c>: the exact number of distinct networks.</summary>
internal static class SpaceCountCommand
{
    public static Command Create(CommandContext context)
    {
        var name = SpaceCommand.SpaceArgument();
        var json = SpaceCommand.JsonOption();
        var command = new Command("count",
            """
            Print the exact number of distinct networks of a search space.

            Examples:
              hwnas space count bignas
            """) { name, json };
        command.SetAction(parsed =>
        {
            var space = SearchSpace.Load(parsed.GetValue(name)!);
            var count = space.Genomes.Count.ToString();
            context.Out.WriteLine(parsed.GetValue(json)
                ? JsonSerializer.Serialize(
                    new { space.Name, Networks = count, Genes = space.Genomes.Genes.Length }, StrictJson.LineOptions)
                : count);
        });
        return command;
    }
}
