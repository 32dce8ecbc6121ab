using System.CommandLine;
using HwNas.Cli.Reporting;
using HwNas.Core.Search;

namespace HwNas.Cli.Commands;

/// <summary><c>hwnas plot</c>: draws a front, the course of the search that found it, and the training before.</summary>
internal static class PlotCommand
{
    public static Command Create(CommandContext context)
    {
        var run = new RunOption();
        var output = new Option<string[]>("--out")
        {
            Description = "Pictures to write, by ending: .png, .svg, .pdf. Default: pareto.png and pareto.svg of the search, "
                + "beside its report.",
            HelpName = "FILE",
        };
        var hypervolume = new Option<string[]>("--hypervolume")
        {
            Description = "Pictures of the hypervolume (of all that the front is better than) against evaluations. "
                + "Default: hypervolume.png and .svg of the search.",
            HelpName = "FILE",
        };
        var training = new Option<string[]>("--training")
        {
            Description = "Pictures of the training: accuracies and losses of the largest and the smallest subnet, and the loss "
                + "between them. Without a file: training.png and training.svg of the run.",
            HelpName = "FILE",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var metrics = new Option<string>("--metrics")
        {
            Description = "The course to draw, as 'hwnas search --metrics' writes it. Default: that of the search.",
            HelpName = "FILE",
        };
        var command = new Command("plot",
            """
            Draw the front of a search and its course, and report.

            The front: accuracy over latency, all evaluated subnets, the chosen one marked. The course: hypervolume against
            evaluations.

            Examples:
              hwnas plot
              hwnas plot --run runs/fashion --name macs-1M
              hwnas plot --run runs/fashion --out front.pdf
              hwnas plot --run runs/fashion --hypervolume course.svg
              hwnas plot --run runs/fashion --training
              hwnas plot --run runs/fashion --training training.pdf
            """)
        {
            output, hypervolume, metrics, training,
        };
        foreach (var option in run.All)
            command.Add(option);
        command.SetAction(parsed =>
        {
            var (fronts, courses) = (parsed.GetValue(output) ?? [], parsed.GetValue(hypervolume) ?? []);
            var trainings = parsed.GetValue(training) ?? [];
            var drawsTraining = parsed.GetResult(training) is { Implicit: false };
            var files = fronts.Length + courses.Length == 0 && !drawsTraining
                ? SearchReport.Write(run.Of(parsed, context), context.Time.GetUtcNow())
                : Draw();
            foreach (var file in files)
                context.Out.WriteLine(file);
            return ExitCodes.Done;

            IReadOnlyList<string> Draw()
            {
                foreach (var file in (string[])[.. fronts, .. courses, .. trainings])
                    PlotFile.RequireWritable(file);
                // A course that is given needs no run.
                var course = parsed.GetValue(metrics);
                var needsSearch = fronts.Length > 0 || (courses.Length > 0 && course is null);
                var drawn = needsSearch || drawsTraining ? run.Of(parsed, context) : null;
                var search = needsSearch ? drawn!.Searched() : null;
                foreach (var file in fronts)
                    ParetoPlot.Save(FrontRows.Picture(search!.ReadFront()), file);
                foreach (var file in courses)
                {
                    HypervolumePlot.Save(
                        SearchMetrics.Read(course ?? search!.Metrics), file, course is null ? search!.Name : null);
                }

                if (drawsTraining)
                    trainings = TrainingPlot.Save(drawn!, trainings);
                return [.. fronts, .. courses, .. trainings];
            }
        });
        return command;
    }
}
