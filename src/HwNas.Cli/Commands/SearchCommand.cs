using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json;
using HwNas.Cli.Reporting;
using HwNas.Cli.Runs;
using HwNas.Core;
using HwNas.Core.Devices;
using HwNas.Core.Files;
using HwNas.Core.Search;
using HwNas.Supernet.Data;
using HwNas.Supernet.Training;

namespace HwNas.Cli.Commands;

/// <summary><c>hwnas search</c>: finds the front of a trained supernet on measured devices, under any budgets.</summary>
internal static class SearchCommand
{
    public const int DefaultEvaluations = 80;

    public static Command Create(CommandContext context)
    {
        var run = SharedOptions.Run();
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
            DefaultValueFactory = _ => DefaultEvaluations,
        };
        var strategy = new Option<string>("--strategy")
        {
            Description = "Search strategy; see --list-strategies. "
                + $"Default: {SearchStrategies.Default}, on a table {SearchStrategies.DefaultForFewEvaluations}.",
            HelpName = "NAME",
        };
        var list = new Option<bool>("--list-strategies") { Description = "Say what each strategy is, and stop." };
        var finish = Numbers.In(new Option<double?>("--finish")
        {
            Description = "Share of the evaluations, 0 to 0.9, that local search around the front (under budgets: "
                + "bayesian) gets at the end, after any strategy. Default: 0.2 after coarse-to-fine, else 0.",
            HelpName = "SHARE",
        });
        var seed = SharedOptions.Seed();
        var data = SharedOptions.DataOfRun();
        var threads = SharedOptions.Threads();
        var resume = new Option<bool>("--resume") { Description = "Continue the search whose journal lies in the run folder." };
        var json = SharedOptions.Json();
        var table = new SearchBenchmarkOptions(strategy, evaluations, seed, json, finish);
        var command = new Command("search",
            """
            Search a supernet for the subnets best on your devices.

            Examples:
              hwnas search --run runs/fashion --profile device-profiles/pi5.json
              hwnas search --run runs/fashion --profile device-profiles/pi5.json --latency-us 200
              hwnas search --run runs/fashion --macs 1.5M --evaluations 200
              hwnas search --benchmark table.csv --genome arch --maximize accuracy --minimize macs --evaluations 100 --json
            """)
        {
            run, profiles, objectives.Option, evaluations, strategy, finish, list, seed, data, threads, resume, json,
        };
        foreach (var option in budgets.All.Concat(table.All))
            command.Add(option);
        Option[] ofSupernet = [run, profiles, objectives.Option, data, threads, resume, .. budgets.All];
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
                    context.Screen.Fold("Any of them can end with local search: --finish SHARE of the evaluations."));
                return Task.FromResult(ExitCodes.Done);
            }

            table.RequireFitting(parsed, ofSupernet);
            if (table.IsGiven(parsed))
                return Task.FromResult(table.Run(parsed, context, cancellation));

            var folder = new RunFolder(parsed.GetValue(run)!);
            using var held = folder.Lock(context);
            var devices = (parsed.GetValue(profiles) ?? []).Select(path => DeviceProfile.Read(path)).ToImmutableArray();
            var name = parsed.GetValue(strategy) ?? SearchStrategies.Default;
            string[] ids = [.. devices.Select(d => d.Device.Id)];
            var request = new SearchRequest(
                devices,
                new SubnetGoals([.. budgets.Read(parsed, ids)], [.. objectives.Read(parsed, ids)], budgets.Confidence(parsed)),
                new SearchOptions
                {
                    Strategy = name,
                    Evaluations = parsed.GetValue(evaluations),
                    Seed = parsed.GetValue(seed),
                    LocalSearchShare = parsed.GetValue(finish) ?? SearchStrategies.DefaultFinish(name),
                },
                parsed.GetValue(threads),
                parsed.GetValue(resume));
            var front = Run(context, folder, request, RunData.Open(folder, parsed.GetValue(data), cancellation), cancellation);
            if (parsed.GetValue(json))
                context.Out.WriteLine(JsonSerializer.Serialize(front, StrictJson.LineOptions));
            else
                context.Out.Write(FrontText.Of(front, context.Screen));
            context.Error.WriteLine($"Front of {front.Front().Count()} subnets: {folder.Front}");
            return Task.FromResult(ExitCodes.Done);
        });
        return command;
    }

    private static string DefaultOf(string strategy) => strategy switch
    {
        SearchStrategies.Default => " (default)",
        SearchStrategies.DefaultForFewEvaluations => " (default on a table; the best where evaluations are few)",
        _ => "",
    };

    /// <summary>Searches, or continues, and writes the front.</summary>
    public static FrontFile Run(
        CommandContext context, RunFolder folder, SearchRequest request, DataSplits data, CancellationToken cancellation)
    {
        var checkpoint = SupernetCheckpoint.Read(folder.Checkpoint);
        if (!checkpoint.IsComplete)
        {
            throw new InputException(
                $"The training in '{folder.Path}' is unfinished (step {checkpoint.Step} of {checkpoint.Options.Steps}). "
                + "Continue it with 'hwnas train --resume'.");
        }

        var problem = SubnetProblem.Create(checkpoint.Space, request.Profiles, request.Goals);

        // A budget that nothing keeps and an unknown strategy end here, before anything of an earlier search is replaced.
        _ = SearchStrategies.Find(request.Options.Strategy);
        _ = new SearchRun(problem.Search, request.Options, static (_, _) => null, context.Time);
        if (!request.Resume)
        {
            File.Delete(folder.Journal);
            File.Delete(folder.SearchMetrics);
        }

        using var supernet = checkpoint.CreateSupernet();
        var evaluator = RunEvaluator.Create(context, supernet, checkpoint, data, request.Threads);
        using var store = EvaluationStore.Open(folder.Evaluations, evaluator.Fingerprint, checkpoint.Space.Genomes, context.Time);
        using var journal = EvaluationJournal.Open(
            folder.Journal,
            JournalHeader.Of(problem.Search, request.Options, evaluator.Fingerprint) with { Known = store.End },
            checkpoint.Space.Genomes, context.Time);
        foreach (var notice in new[] { store.Notice, journal.Notice }.OfType<string>())
            context.Error.WriteLine(notice);

        // What was known when the search began, even where the store has grown since: so it continues as it would have gone on.
        var known = store.Before(journal.Known);
        if (known.Count > 0)
            context.Error.WriteLine($"The search begins with {known.Count} evaluations that the run has.");
        var run = new SearchRun(
            problem.Search, request.Options,
            store.Through(GenomeEvaluations.Of(evaluator, checkpoint.Space)),
            context.Time, journal, known);
        using var metrics = SearchMetrics.Open(folder.SearchMetrics);
        using var line = ProgressLine.ForConsole(context, "search");
        var result = run.Run(new SearchReporter(line, metrics), cancellation);
        if (result.StopReason == StopReason.Cancelled)
        {
            throw new InterruptedException(
                $"interrupted; {result.Evaluated.Length} evaluations are saved. "
                + $"Continue with the same command{(request.Resume ? "" : " and --resume")}.");
        }

        line.Complete($"{result.Evaluated.Length} subnets evaluated, {result.Front.Count} on the front");

        foreach (var profile in request.Profiles)
            profile.Write(folder.SearchedProfile(profile.Device.Id));
        return RunPredictor.Write(folder, problem.ToFrontFile(result, request.Options, checkpoint), checkpoint.Space);
    }
}

/// <summary>What to search for.</summary>
internal sealed record SearchRequest(
    ImmutableArray<DeviceProfile> Profiles, SubnetGoals Goals, SearchOptions Options, int Threads, bool Resume);
