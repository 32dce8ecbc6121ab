using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json.Nodes;
using HwNas.Cli.Formats;
using HwNas.Cli.Reporting;
using HwNas.Core;
using HwNas.Core.Devices;
using HwNas.Core.Files;
using HwNas.Core.Metrics;
using HwNas.Core.Spaces;

namespace HwNas.Cli.Commands;

/// <summary><c>hwnas space cost</c>: what given networks of a space cost.</summary>
internal static class SpaceCostCommand
{
    private const int MostReported = 20, WorthATable = 10_000, MostInATable = 5_000;

    public static Command Create(CommandContext context, TextReader input)
    {
        var architectures = new Option<string>("--architectures")
        {
            Description = "A file of architectures, one a line as an id or as JSON, which may also go over several lines; "
                + "'-' reads standard input.",
            HelpName = "FILE|-",
            Required = true,
        };
        var profiles = new Option<string[]>("--profile")
        {
            Description = "Device profile, for the predicted latency there; as often as needed.",
            HelpName = "FILE",
        };
        var json = new Option<bool>("--json") { Description = "One JSON object a line." };
        var command = new Command("cost",
            """
            Count MACs, parameters, peak memory and model size of networks, and predict their latency.

            Examples:
              hwnas space cost my-space.json --architectures five.txt
              hwnas space sample bignas | hwnas space cost bignas --architectures -
              hwnas space cost bignas --architectures five.txt --profile pi5.json
            """) { architectures, profiles, json };
        var asked = new SpaceInput().AddTo(command);
        command.SetAction(parsed =>
        {
            var devices = (parsed.GetValue(profiles) ?? []).Select(DeviceProfile.Read).ToImmutableArray();
            var asKnown = asked.Of(parsed);
            var space = PredictedSpace.Covered(asKnown, asKnown.Resolutions, devices, context.OfRun);
            ImmutableArray<IMetricSource> sources =
            [
                new CountMetrics(),
                .. devices.Select(device => new LatencyMetrics(device, LatencyTable.For(device, space), confidence: null)),
            ];
            if (devices.GroupBy(device => device.Device.Id).FirstOrDefault(group => group.Count() > 1) is { } twice)
                throw new InputException($"Two profiles are of the device '{twice.Key}'. Give one for each device.");
            Metric[] metrics = [.. sources.SelectMany(source => source.Metrics)];
            var file = parsed.GetValue(architectures)!;
            var networks = ReadAll(space, file, input);
            var count = Counting(space, sources, networks.Count);
            var costs = networks.Select(genome => (Id: space.IdOf(genome), Values: count(genome)));
            if (!parsed.GetValue(json))
            {
                // A table is laid out as a whole, which a million rows leave no memory for.
                TextColumn[] columns =
                    [new("network", IsText: true) { IsName = true }, .. metrics.Select(m => new TextColumn(m.Scale.Label))];
                foreach (var rows in costs.Select(cost => Row(cost.Id, metrics, cost.Values)).Chunk(MostInATable))
                    context.Out.Write(new TextTable(columns, rows).ToText(context.Screen));
                return;
            }

            foreach (var (id, values) in costs)
                context.Out.WriteLine(JsonLine(id, metrics, values));
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
    private static Func<Genome, double[]> Counting(ISearchSpace space, ImmutableArray<IMetricSource> sources, int networks)
    {
        if (networks < WorthATable)
            {
            return genome =>
            {
                var plan = space.PlanOf(genome);
                return [.. sources.SelectMany(source => source.ValuesOf(plan))];
            };
        }

        var table = new MetricTable(space, sources);
        return genome =>
        {
            var values = new double[table.Metrics.Length];
            table.Compute(genome.Choices, values);
            return values;
        };
    }

    private static string[] Row(string id, Metric[] metrics, double[] values) => [id, .. metrics.Zip(values, Figures.Of)];

    private static string JsonLine(string id, Metric[] metrics, double[] values)
    {
        var line = new JsonObject { ["id"] = id };
        foreach (var (metric, value) in metrics.Zip(values))
            line.Add(metric.Name, value);
        return line.ToJsonString(StrictJson.LineOptions);
    }
}
