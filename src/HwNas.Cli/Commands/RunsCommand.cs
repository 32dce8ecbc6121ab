using System.CommandLine;
using System.Text.Json;
using HwNas.Cli.Reporting;
using HwNas.Core.Files;

namespace HwNas.Cli.Commands;

/// <summary><c>hwnas runs</c>: the runs and their searches, beside each other.</summary>
internal static class RunsCommand
{
    public static Command Create(CommandContext context)
    {
        var run = new Argument<string?>("RUN")
        {
            Description = $"The run whose searches are compared: its folder, or its name in {RunOption.Runs}/. Default: all.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var json = SharedOptions.Json();
        var command = new Command("runs",
            """
            List runs, and compare their trainings and searches.

            Examples:
              hwnas runs
              hwnas runs quickstart
              hwnas runs runs/fashion --json
            """)
        {
            run, json,
        };
        command.SetAction(parsed =>
        {
            var folders = parsed.GetValue(run) is { } name ? [RunOption.Named(name)] : RunFolder.In(RunOption.Runs);
            RunSummary[] runs = [.. folders.Select(RunSummary.Of)];
            if (runs.Length == 0)
                context.Say(RunOption.NoRun);
            if (parsed.GetValue(json))
                context.Out.WriteLine(JsonSerializer.Serialize(runs, StrictJson.LineOptions));
            else
                context.Out.Write(RunsText.Of(runs, context.Screen, context.Time.LocalTimeZone));
            return ExitCodes.Done;
        });
        return command;
    }
}
