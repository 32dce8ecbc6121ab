using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json;
using HwNas.Cli.Reporting;
using HwNas.Core;
using HwNas.Core.Devices;
using HwNas.Core.Files;
using HwNas.Core.Search;

namespace HwNas.Cli.Commands;

/// <summary><c>hwnas best</c>: the best subnet under a budget, from a finished search, without searching again.</summary>
internal static class BestCommand
{
    public static Command Create(CommandContext context)
    {
        var run = new RunOption();
        var budgets = new BudgetOptions();
        var profiles = new Option<string[]>("--profile")
        {
            Description = "Device profile; one for each device. Default: those of the search.",
            HelpName = "FILE",
        };
        var evaluations = new Option<int>("--evaluations")
        {
            Description = "Predicted winners whose accuracy is measured; with 0 the answer is predicted only.",
            DefaultValueFactory = _ => NasRun.DefaultBestEvaluations,
        };
        var ofFile = new PredictorOptions();
        var predictions = new Option<int>("--predictions")
        {
            Description = "With --predictor: most networks that are predicted, where the best is not computed exactly.",
            DefaultValueFactory = _ => PredictedOptimum.DefaultPredictions,
        };
        var seed = SharedOptions.Seed();
        var data = SharedOptions.DataOfRun();
        var threads = SharedOptions.Threads();
        var device = new TorchDeviceOption();
        var json = SharedOptions.Json();
        var command = new Command("best",
            """
            Answer "the best model under this budget" after a search.

            Without searching again: a predictor of accuracy searches the whole space, its winners are measured, and the best
            measured subnet is the answer.

            Examples:
              hwnas best --macs 1M
              hwnas best --run runs/fashion --latency-us 200
              hwnas best --latency-us pi5=8000 --macs 2M --peak-memory 100kB
              hwnas best --run runs/fashion --macs 1.5M --evaluations 0 --json
              hwnas best --space ofa-mobilenetv3-w1.2 --predictor ofa.json --macs 300M
            """)
        {
            profiles, evaluations, predictions, seed, data, threads, json,
        };
        foreach (var option in run.All.Concat(budgets.All).Concat(ofFile.All).Concat(device.All))
            command.Add(option);
        command.SetAction((parsed, cancellation) =>
        {
            if (ofFile.IsGiven(parsed, [.. run.All, evaluations, data, threads, .. device.All], predictions, seed))
                return Task.FromResult(Predicted(parsed, cancellation));
            var torch = device.Of(parsed);
            var asked = run.Of(parsed, context, parsed.GetValue(data), parsed.GetValue(threads), torch);
            using var held = asked.Lock();
            var devices = parsed.GetValue(profiles) is { Length: > 0 } files
                ? [.. files.Select(DeviceProfile.Read)]
                : asked.SearchedProfiles();
            var goals = new SubnetGoals
            {
                Budgets = budgets.Read(parsed, [.. devices.Select(d => d.Device.Id)]),
                Confidence = budgets.Confidence(parsed),
            };
            var best = asked.Best(goals, parsed.GetValue(evaluations), devices, cancellation);
            if (parsed.GetValue(json))
                context.Out.WriteLine(JsonSerializer.Serialize(best, StrictJson.LineOptions));
            else
                context.Out.Write(BestText.Of(best, context.Screen));
            return Task.FromResult(ExitCodes.Done);
        });
        return command;

        int Predicted(ParseResult parsed, CancellationToken cancellation)
        {
            var devices = (parsed.GetValue(profiles) ?? []).Select(DeviceProfile.Read).ToImmutableArray();
            var goals = new SubnetGoals
            {
                Budgets = budgets.Read(parsed, [.. devices.Select(d => d.Device.Id)]),
                Confidence = budgets.Confidence(parsed),
            };
            if (parsed.GetValue(predictions) is var most && most is < 1 or > 100_000_000)
                throw new InputException($"--predictions {most} is not between 1 and 100000000.");
            var answer = ofFile.Open(parsed, context, devices, goals).Best(most, parsed.GetValue(seed), cancellation);
            if (parsed.GetValue(json))
                context.Out.WriteLine(JsonSerializer.Serialize(answer, StrictJson.LineOptions));
            else
                context.Out.Write(PredictedText.Of(answer, context.Screen));
            return ExitCodes.Done;
        }
    }
}
