using System.CommandLine;
using System.Text.Json;
using HwNas.Cli.Reporting;
using HwNas.Core.Files;
using HwNas.Core.Graphs;
using HwNas.Core.Metrics;
using HwNas.Core.Spaces;

namespace HwNas.Cli.Commands;

/// <summary><c>hwnas space list</c>: the built-in spaces.</summary>
internal static class SpaceListCommand
{
    public static Command Create(CommandContext context)
    {
        var json = SpaceCommand.JsonOption();
        var command = new Command("list",
            """
            List the built-in search spaces.

            Examples:
              hwnas space list
            """) { json };
        command.SetAction(parsed =>
        {
            var entries = BuiltInSpaces.Names.Select(name => Describe(SearchSpace.Load(name))).ToList();
            if (parsed.GetValue(json))
                context.Out.WriteLine(JsonSerializer.Serialize(entries, StrictJson.LineOptions));
            else
                context.Out.Write(ToText(entries, context.Screen));
        });
        return command;
    }

    private static Entry Describe(ISearchSpace space)
    {
        var (least, most) = (NetworkCost.Of(space.PlanOf(space.Smallest)), NetworkCost.Of(space.PlanOf(space.Largest)));
        return new Entry(
            space.Name, space.Genomes.Count.ToString(), space.Genomes.Genes.Length, least.Macs, most.Macs, least.Params,
            most.Params, space.Source);
    }

    private static string ToText(List<Entry> entries, Screen screen) => new TextTable(
        [
            new("space", IsText: true) { IsName = true }, new("networks"), new("genes") { DropOrder = 1 },
            new("MACs", IsText: true),
            new("parameters", IsText: true),
        ],
        [
            .. entries.Select(entry => new[]
            {
                entry.Name, SpaceText.Count(entry.Networks), entry.Genes.ToString(),
                $"{Figures.Prefixed(entry.LeastMacs)} – {Figures.Prefixed(entry.MostMacs)}",
                $"{Figures.Prefixed(entry.LeastParams)} – {Figures.Prefixed(entry.MostParams)}",
            }),
        ]).ToText(screen);

    /// <summary>A built-in space; the number of networks is a text, since it exceeds what JSON readers hold exactly.</summary>
    private sealed record Entry(
        string Name, string Networks, int Genes, long LeastMacs, long MostMacs, long LeastParams, long MostParams, string Source);
}
