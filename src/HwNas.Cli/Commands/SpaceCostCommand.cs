using System.CommandLine;
using System.Text.Json;
using HwNas.Cli.Reporting;
using HwNas.Core;
using HwNas.Core.Files;
using HwNas.Core.Graphs;
using HwNas.Core.Spaces;

namespace HwNas.Cli.Commands;

/// <summary><c>hwnas space cost</c>: what given networks of a space cost.</summary>
internal static class SpaceCostCommand
{
    private const int MostReportedLines = 20;

    private static readonly TextColumn[] Columns =
        [new("network", IsText: true) { IsName = true }, new("MACs"), new("parameters"), new("activations"), new("model")];

    public static Command Create(CommandContext context, TextReader input)
    {
        var name = SpaceCommand.SpaceOption();
        var architectures = new Option<string>("--architectures")
        {
            Description = "A file with one architecture a line, as JSON or as an id; '-' reads standard input.",
            HelpName = "file|-",
            Required = true,
        };
        var json = new Option<bool>("--json") { Description = "One JSON object a line." };
        var command = new Command("cost",
            """
            Count MACs, parameters, activation and model bytes of networks.

            Examples:
              hwnas space cost --space my-space.json --architectures five.txt
              hwnas space sample --space bignas --count 5 | hwnas space cost --space bignas --architectures - --json
            """) { name, architectures, json };
        command.SetAction(parsed =>
        {
            var space = SearchSpace.Load(parsed.GetValue(name)!);
            var file = parsed.GetValue(architectures)!;
            var costs = ReadAll(space, file, file == "-" ? input.ReadToEnd() : StrictJson.ReadText(file)).Select(Cost);
            if (!parsed.GetValue(json))
            {
                context.Out.Write(new TextTable(Columns, [.. costs.Select(Row)]).ToText(context.Screen));
                return;
            }

            foreach (var cost in costs)
                context.Out.WriteLine(JsonSerializer.Serialize(cost, StrictJson.LineOptions));
        });
        return command;
    }

    // All lines are read before the first cost is printed, so that wrong input prints nothing but its problems.
    private static List<NetworkPlan> ReadAll(ISearchSpace space, string file, string text)
    {
        var found = new List<NetworkPlan>();
        var problems = new List<string>();
        foreach (var (index, line) in text.Split('\n').Index())
        {
            if (string.IsNullOrWhiteSpace(line))
                continue;
            try
            {
                found.Add(space.PlanOf(space.Parse(line, $"'{(file == "-" ? "standard input" : file)}' line {index + 1}")));
            }
            catch (InputException error)
            {
                problems.Add(error.Message);
            }
        }

        if (problems.Count == 0)
            return found;
        var more = problems.Count > MostReportedLines ? $"\n  and {problems.Count - MostReportedLines} more lines" : "";
        throw new InputException(string.Join("\n  ", problems.Take(MostReportedLines)) + more);
    }

    private static CostLine Cost(NetworkPlan plan)
    {
        var cost = NetworkCost.Of(plan);
        return new CostLine(plan.Id, cost.Macs, cost.Params, cost.PeakActivationBytes, cost.ModelBytes);
    }

    private static string[] Row(CostLine cost) =>
        [
            cost.Id, Figures.Short(cost.Macs), Figures.Short(cost.Params), Figures.Bytes(cost.PeakActivationBytes),
            Figures.Bytes(cost.ModelBytes),
        ];

    private sealed record CostLine(string Id, long Macs, long Params, long PeakActivationBytes, long ModelBytes);
}
