using System.CommandLine;
using HwNas.Core;

namespace HwNas.Cli.Commands;

/// <summary><c>hwnas space sample</c>: networks drawn uniformly over the distinct ones of a space.</summary>
internal static class SpaceSampleCommand
{
    public static Command Create(CommandContext context)
    {
        var count = new Option<int>("--count")
        {
            Description = "How many networks.",
            HelpName = "N",
            DefaultValueFactory = _ => 10,
        };
        var seed = new Option<int>("--seed")
        {
            Description = "Equal seeds draw equal networks.",
            HelpName = "N",
            DefaultValueFactory = _ => 1,
        };
        var json = new Option<bool>("--json") { Description = "One JSON object a line instead of one id a line." };
        var command = new Command("sample",
            """
            Draw networks uniformly over the distinct ones of a search space.

            Examples:
              hwnas space sample my-space.json --count 5
            """) { count, seed, json };
        var input = new SpaceInput().AddTo(command);
        command.SetAction(parsed =>
        {
            var space = input.Of(parsed);
            var networks = parsed.GetValue(count);
            if (networks < 0)
                throw new InputException($"--count: {networks} is negative.");
            var random = new Random(parsed.GetValue(seed));
            for (var network = 0; network < networks; network++)
            {
                var genome = space.Genomes.Sample(random);
                context.Out.WriteLine(parsed.GetValue(json) ? space.ToJson(genome) : space.IdOf(genome));
            }
        });
        return command;
    }
}
