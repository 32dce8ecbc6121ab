using System.CommandLine;
using System.Text.Json;
using HwNas.Cli.Reporting;
using HwNas.Core.Devices;
using HwNas.Core.Files;

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
        var data = SharedOptions.DataOfRun();
        var threads = SharedOptions.Threads();
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
            """)
        {
            profiles, evaluations, data, threads, json,
        };
        foreach (var option in run.All.Concat(budgets.All))
            command.Add(option);
        command.SetAction((parsed, cancellation) =>
        {
            var asked = run.Of(parsed, context, parsed.GetValue(data), parsed.GetValue(threads));
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
    }
}
