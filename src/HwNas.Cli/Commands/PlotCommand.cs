using System.CommandLine;
using HwNas.Cli.Reporting;
using HwNas.Cli.Runs;
using HwNas.Core.Search;

namespace HwNas.Cli.Commands;

/// <summary><c>hwnas plot</c>: draws a front.</summary>
internal static class PlotCommand
{
    public static Command Create(CommandContext context)
    {
        var run = SharedOptions.Run();
        var output = new Option<string[]>("--out") { Description = "Pictures to write, by ending: .png, .svg, .pdf. Default: pareto.png and pareto.svg in the run folder.", HelpName = "FILE" };
        var command = new Command("plot",
            """
            Draw the front of a search: accuracy over latency, all evaluated subnets, the chosen one marked.

            Examples:
              hwnas plot --run runs/fashion
              hwnas plot --run runs/fashion --out front.pdf
            """)
        {
            run, output,
        };
        command.SetAction(parsed =>
        {
            var folder = new RunFolder(parsed.GetValue(run)!);
            var files = parsed.GetValue(output) is { Length: > 0 } given ? given : [folder.PlotPng, folder.PlotSvg];
            Run(FrontFile.Read(folder.Front), files);
            foreach (var file in files)
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
}
