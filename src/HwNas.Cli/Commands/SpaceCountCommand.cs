using System.CommandLine;
using System.Text.Json;
using HwNas.Core.Files;

namespace HwNas.Cli.Commands;

/// <summary><c>hwnas space count</c>: the exact number of distinct networks.</summary>
internal static class SpaceCountCommand
{
    public static Command Create(CommandContext context)
    {
        var json = SpaceCommand.JsonOption();
        var command = new Command("count",
            """
            Print the exact number of distinct networks of a search space.

            Examples:
              hwnas space count bignas
            """) { json };
        var input = new SpaceInput().AddTo(command);
        command.SetAction(parsed =>
        {
            var space = input.Of(parsed);
            var count = space.Genomes.Count.ToString();
            context.Out.WriteLine(parsed.GetValue(json)
                ? JsonSerializer.Serialize(
                    new { space.Name, Networks = count, Genes = space.Genomes.Genes.Length }, StrictJson.LineOptions)
                : count);
        });
        return command;
    }
}
