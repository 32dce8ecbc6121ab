using System.CommandLine;
using System.Text.Json;
using HwNas.Cli.Formats;
using HwNas.Cli.Reporting;
using HwNas.Core;
using HwNas.Core.Files;
using HwNas.Core.Graphs;
using HwNas.Core.Spaces;

namespace HwNas.Cli.Commands;

/// <summary><c>hwnas space cost</c>: what given networks of a space cost.</summary>
internal static class SpaceCostCommand
{
    private const int MostReported = 20, WorthATable = 10_000, MostInATable = 5_000;

    private static readonly TextColumn[] Columns =
        [new("network", IsText: true) { IsName = true }, new("MACs"), new("parameters"), new("activations"), new("model")];

    public static Command Create(CommandContext context, TextReader input)
    {
        var architectures = new Option<string>("--architectures")
        {
            Description = "A file of architectures, one a line as an id or as JSON, which may also go over several lines; "
                + "'-' reads standard input.",
            HelpName = "FILE|-",
            Required = true,
        };
        var json = new Option<bool>("--json") { Description = "One JSON object a line." };
        var command = new Command("cost",
            """
            Count MACs, parameters, activation and model bytes of networks.

            Examples:
              hwnas space cost my-space.json --architectures five.txt
              hwnas space sample bignas --count 5 | hwnas space cost bignas --architectures - --json
            """) { architectures, json };
        var asked = new SpaceInput().AddTo(command);
        command.SetAction(parsed =>
        {
            var space = asked.Of(parsed);
            var file = parsed.GetValue(architectures)!;
            var networks = ReadAll(space, file, input);
            var count = Counting(space, networks.Count);
            var costs = networks.Select(genome => Cost(space.IdOf(genome), count(genome)));
            if (!parsed.GetValue(json))
            {
                // A table is laid out as a whole, which a million rows leave no memory for.
                foreach (var rows in costs.Select(Row).Chunk(MostInATable))
                    context.Out.Write(new TextTable(Columns, rows).ToText(context.Screen));
                return;
            }

            foreach (var cost in costs)
                context.Out.WriteLine(JsonSerializer.Serialize(cost, StrictJson.LineOptions));
        });
        return command;
    }

    // All networks are read before the first cost is printed, so that wrong input prints nothing but its problems.
    private static List<Genome> ReadAll(ISearchSpace space, string file, TextReader input)
    {
        var origin = file == "-" ? "'standard input'" : $"'{file}'";
        var (found, problems, wrong) = (new List<Genome>(), new List<string>(), 0);
        using var opened = file == "-" ? null : new StreamReader(InputFile.Open(file));
        foreach (var (line, text) in ArchitectureLines.Read(opened ?? input, origin))
        {
            try
            {
                found.Add(space.Parse(text, $"{origin} line {line}"));
            }
            catch (InputException error)
            {
                if (++wrong <= MostReported)
                    problems.Add(error.Message);
            }
        }

        if (wrong == 0)
            return found;
        var more = wrong > MostReported ? $"\n  and {wrong - MostReported} more networks" : "";
        throw new InputException(string.Join("\n  ", problems) + more);
    }

    // A table of costs takes as long to make as some hundred networks take to count, and then next to nothing.
    private static Func<Genome, NetworkCost> Counting(ISearchSpace space, int networks)
    {
        if (networks < WorthATable)
            return genome => NetworkCost.Of(space.PlanOf(genome));
        var table = GenomeCostTable.Build(space);
        return genome => table.Evaluate(genome);
    }

    private static CostLine Cost(string id, NetworkCost cost) =>
        new(id, cost.Macs, cost.Params, cost.PeakActivationBytes, cost.ModelBytes);

    private static string[] Row(CostLine cost) =>
        [
            cost.Id, Figures.Short(cost.Macs), Figures.Short(cost.Params), Figures.Bytes(cost.PeakActivationBytes),
            Figures.Bytes(cost.ModelBytes),
        ];

    private sealed record CostLine(string Id, long Macs, long Params, long PeakActivationBytes, long ModelBytes);
}
