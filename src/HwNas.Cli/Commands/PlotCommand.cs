using System.CommandLine;
using HwNas.Cli.Reporting;
using HwNas.Core.Search;

namespace HwNas.Cli.Commands;

/// <summary><c>hwnas plot</c>: draws a front, and the course of the search that found it.</summary>
internal static class PlotCommand
{
    public static Command Create(CommandContext context)
    {
        var run = SharedOptions.Run();
        var output = new Option<string[]>("--out")
        {
            Description = "Pictures to write, by ending: .png, .svg, .pdf. Default: pareto.png and pareto.svg in the run folder.",
            HelpName = "FILE",
        };
        var hypervolume = new Option<string[]>("--hypervolume")
        {
            Description = "Pictures of the hypervolume against evaluations. Default: hypervolume.png and .svg in the run folder.",
            HelpName = "FILE",
        };
        var metrics = new Option<string>("--metrics")
        {
            Description = "The course to draw, as 'hwnas search --metrics' writes it. Default: that of the run.",
            HelpName = "FILE",
        };
        var command = new Command("plot",
            """
            Draw the front of a search, and its course.

            The front: accuracy over latency, all evaluated subnets, the chosen one marked. The course: hypervolume against
            evaluations.

            Examples:
              hwnas plot --run runs/fashion
              hwnas plot --run runs/fashion --out front.pdf
              hwnas plot --run runs/fashion --hypervolume course.svg
            """)
        {
            run, output, hypervolume, metrics,
        };
        command.SetAction(parsed =>
        {
            var folder = new RunFolder(parsed.GetValue(run)!);
            var course = parsed.GetValue(metrics) ?? folder.SearchMetrics;
            var (fronts, courses) = (parsed.GetValue(output) ?? [], parsed.GetValue(hypervolume) ?? []);
            if (fronts.Length + courses.Length == 0)
            {
                fronts = [folder.PlotPng, folder.PlotSvg];
                courses = File.Exists(course) ? [folder.HypervolumePng, folder.HypervolumeSvg] : [];
            }

            if (fronts.Length > 0)
                Run(FrontFile.Read(folder.Front), fronts);
            if (courses.Length > 0)
                RunCourse(SearchMetrics.Read(course), courses);
            foreach (var file in fronts.Concat(courses))
                context.Out.WriteLine(file);
            return ExitCodes.Done;
        });
        return command;
    }

    public static void Run(FrontFile front, IEnumerable<string> files)
    {
        var picture = FrontRows.Picture(front);
        foreach (var file in files)
            ParetoPlot.Save(picture, file);
    }
    public static void RunCourse(IReadOnlyList<SearchMetric> course, IEnumerable<string> files)
    {
        foreach (var file in files)
            HypervolumePlot.Save(course, file);
    }
}
