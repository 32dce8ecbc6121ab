using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Completions;
using System.Text.Json;
using HwNas.Cli.Reporting;
using HwNas.Core;
using HwNas.Core.Devices;
using HwNas.Core.Files;
using HwNas.Core.Search;

namespace HwNas.Cli.Commands;

/// <summary><c>hwnas search</c>: finds the front of a trained supernet on measured devices, under any budgets.</summary>
internal static class SearchCommand
{
    // A prediction costs next to nothing beside an evaluation.
    private const int DefaultPredictions = 5_000;

    public static Command Create(CommandContext context)
    {
        var run = new RunOption(
            "What the search is called. Default: by what it asks for, such as macs-1M. Searches of other names stay.");
        var profiles = new Option<string[]>("--profile")
        {
            Description = "Device profile; one for each device, as often as needed.",
            HelpName = "FILE",
        };
        var budgets = new BudgetOptions();
        var objectives = new ObjectiveOption();
        var evaluations = new Option<int>("--evaluations")
        {
            Description = "Subnets to evaluate.",
            DefaultValueFactory = _ => SearchRequest.DefaultEvaluations,
        };
        var strategy = new Option<string>("--strategy")
        {
            Description = "Search strategy; see --list-strategies. "
                + $"Default: {SearchStrategies.Default}, on a table {SearchStrategies.DefaultForFewEvaluations}.",
            HelpName = "NAME",
            CompletionSources = { _ => SearchStrategies.All.Select(known => new CompletionItem(known.Name)) },
        };
        var list = new Option<bool>("--list-strategies") { Description = "Say what each strategy is, and stop." };
        var finish = Numbers.In(new Option<double?>("--finish")
        {
            Description = "Share of the evaluations, 0 to 0.9, that local search around the front (under budgets: "
                + "bayesian) gets at the end, after any strategy. Default: 0.6 under budgets (up to 400 evaluations), else 0.2 "
                + "after coarse-to-fine, else 0.",
            HelpName = "SHARE",
        });
        var seed = SharedOptions.Seed();
        var data = SharedOptions.DataOfRun();
        var threads = SharedOptions.Threads();
        var device = new TorchDeviceOption();
        var resume = new Option<bool>("--resume") { Description = "Continue the search of these options where it has begun." };
        var json = SharedOptions.Json();
        var ofFile = new PredictorOptions();
        var table = new SearchBenchmarkOptions(strategy, evaluations, seed, json, finish);
        var command = new Command("search",
            """
            Search a supernet for the subnets best on your devices.

            Examples:
              hwnas search --profile device-profiles/pi5.json --run runs/fashion
              hwnas search --profile device-profiles/pi5.json --latency-us 200
              hwnas search --macs 1.5M --evaluations 200 --name small
              hwnas search --benchmark table.csv --maximize accuracy --minimize macs
              hwnas search --space ofa-mobilenetv3-w1.2 --predictor ofa.json
            """)
        {
            profiles, objectives.Option, evaluations, strategy, finish, list, seed, data, threads, resume, json,
        };
        foreach (var option in run.All.Concat(budgets.All).Concat(ofFile.All).Concat(table.All).Concat(device.All))
            command.Add(option);
        Option[] ofRun = [.. run.All, data, threads, resume, .. device.All];
        Option[] ofSupernet = [.. ofRun, profiles, objectives.Option, .. budgets.All, .. ofFile.All];
        command.SetAction((parsed, cancellation) =>
        {
            if (parsed.GetValue(list))
            {
                foreach (var known in SearchStrategies.All)
                {
                    context.Out.WriteLine(
                        context.Screen.Fold($"{known.Name}{DefaultOf(known.Name)}\n  {known.Summary}\n  {known.Paper}"));
                }

                context.Out.WriteLine(
                    context.Screen.Fold(
                        "Any of them can end with local search: --finish SHARE of the evaluations. Under budgets all end with "
                        + "bayesian, unless that share is 0."));
                return Task.FromResult(ExitCodes.Done);
            }

            table.RequireFitting(parsed, ofSupernet);
            if (table.IsGiven(parsed))
                return Task.FromResult(table.Run(parsed, context, cancellation));

            var isPredicted = ofFile.IsGiven(parsed, ofRun);
            var torch = device.Of(parsed);
            var devices = (parsed.GetValue(profiles) ?? []).Select(path => DeviceProfile.Read(path)).ToImmutableArray();
            var count = isPredicted && parsed.GetResult(evaluations) is not { Implicit: false }
                ? DefaultPredictions
                : parsed.GetValue(evaluations);
            var options = SearchOptions.Of(count, parsed.GetValue(strategy) ?? SearchStrategies.Default);
            string[] ids = [.. devices.Select(d => d.Device.Id)];
            var request = new SearchRequest
            {
                Profiles = devices,
                Goals = new SubnetGoals
                {
                    Budgets = budgets.Read(parsed, ids),
                    Objectives = [.. objectives.Read(parsed, ids)],
                    Confidence = budgets.Confidence(parsed),
                },
                Options = options with
                {
                    Seed = parsed.GetValue(seed), FinishShare = parsed.GetValue(finish),
                },
                Resume = parsed.GetValue(resume),
            };
            if (isPredicted)
                return Task.FromResult(Predicted(parsed, request, cancellation));
            var searched = run.Of(parsed, context, parsed.GetValue(data), parsed.GetValue(threads), torch);
            using var held = searched.Lock();
            var front = Run(context, searched, request, cancellation);
            if (parsed.GetValue(json))
                context.Out.WriteLine(JsonSerializer.Serialize(front, StrictJson.LineOptions));
            else
                context.Out.Write(FrontText.Of(front, context.Screen));
            context.Say(
                $"Search '{front.Name}', front of {Plural.Of(front.Front().Count(), "subnet")}: "
                + searched.Folder.Search(front.Name).Front);
            return Task.FromResult(ExitCodes.Done);
        });
        return command;

        int Predicted(ParseResult parsed, SearchRequest request, CancellationToken cancellation)
        {
            var space = ofFile.Open(parsed, context, request.Profiles, request.Goals);
            PredictedFront front;
            using (var line = ProgressLine.ForConsole(context, "search"))
                front = space.Search(request.Options, new SearchReporter(line, metrics: null), cancellation);
            if (parsed.GetValue(json))
                context.Out.WriteLine(JsonSerializer.Serialize(front, StrictJson.LineOptions));
            else
                context.Out.Write(PredictedText.Of(front, context.Screen));
            return ExitCodes.Done;
        }
    }

    private static string DefaultOf(string strategy) => strategy switch
    {
        SearchStrategies.Default => " (default)",
        SearchStrategies.DefaultForFewEvaluations => " (default on a table; the best where evaluations are few)",
        _ => "",
    };

    /// <summary>Searches, or continues, and shows how it goes.</summary>
    public static FrontFile Run(CommandContext context, NasRun run, SearchRequest request, CancellationToken cancellation)
    {
        using var line = ProgressLine.ForConsole(context, "search");
        var reporter = new SearchReporter(line, metrics: null);
        var front = run.Search(request, reporter, cancellation);
        line.Complete($"{Plural.Of(reporter.Evaluations, "subnet")} evaluated, {front.Front().Count()} on the front");
        return front;
    }
}
