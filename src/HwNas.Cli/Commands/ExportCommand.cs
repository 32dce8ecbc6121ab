using System.Collections.Immutable;
using System.CommandLine;
using HwNas.Cli.Reporting;
using HwNas.Cli.Runs;
using HwNas.Core;
using HwNas.Core.Search;
using HwNas.Supernet.Data;

namespace HwNas.Cli.Commands;

/// <summary><c>hwnas export</c>: subnets of the front as ONNX models with their cards, without retraining.</summary>
internal static class ExportCommand
{
    public static Command Create(CommandContext context)
    {
        var run = SharedOptions.Run();
        var subnet = new Option<string>("--subnet")
        {
            Description = "Which subnet: chosen, front (all of them), best (the last answer of hwnas best), "
                + "or any id of the space.",
            HelpName = "chosen|front|best|ID",
            DefaultValueFactory = _ => "chosen",
        };
        var output = new Option<string>("--out")
        {
            Description = "The .onnx file, or the folder for several. Default: models/ in the run folder.",
            HelpName = "PATH",
        };
        var data = SharedOptions.DataOfRun();
        var command = new Command("export",
            """
            Export subnets as ONNX models, with a card beside each.

            Batch norm is folded in; the card (model.json) says what is known of the model.

            Examples:
              hwnas export --run runs/fashion
              hwnas export --run runs/fashion --subnet front
              hwnas export --run runs/fashion --out model.onnx
              hwnas export --run runs/fashion --subnet r28-c16-w16d1k3e2-w16d1k3e2-w32d1k3e2-w48d1k3e2-h64
            """)
        {
            run, subnet, output, data,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var folder = new RunFolder(parsed.GetValue(run)!);
            using var held = parsed.GetValue(output) is null ? folder.Lock(context) : null;
            var front = FrontFile.Read(folder.Front);
            var known = Select(folder, front, parsed.GetValue(subnet)!);

            // A subnet that the run does not know yet is evaluated for good.
            using var kept = held is null && known.IsEmpty ? folder.Lock(context) : null;
            var images = RunData.Open(folder, parsed.GetValue(data), cancellation);
            var selected = known.IsEmpty
                ? [AnySubnet.Evaluate(
                    context, folder, parsed.GetValue(subnet)!, images, SharedOptions.DefaultThreads, cancellation)]
                : known;
            var path = parsed.GetValue(output);
            var single = path is not null && path.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase);
            if (single && selected.Length > 1)
            {
                throw new InputException(
                    $"--out '{path}' is one file, but --subnet selects {selected.Length} models. Name a folder.");
            }

            var files = selected.Select(s => single ? path! : Path.Combine(path ?? folder.Models, $"{s.Id}.onnx"))
                .ToImmutableArray();
            Run(context, folder, front, selected, files, images, SharedOptions.DefaultThreads, cancellation);
            foreach (var file in files)
                context.Out.WriteLine(file);
            return Task.FromResult(ExitCodes.Done);
        });
        return command;
    }

    /// <summary>Writes a model and its card for each subnet.</summary>
    public static void Run(
        CommandContext context, RunFolder folder, FrontFile front, IReadOnlyList<FrontSubnet> subnets,
        IReadOnlyList<string> files,
        DataSplits data, int threads, CancellationToken cancellation)
    {
        using var exporter = new SubnetExporter(context, folder, front, data, threads);
        using var line = ProgressLine.ForConsole(context, "export");
        foreach (var (index, subnet) in subnets.Index())
        {
            cancellation.ThrowIfCancellationRequested();
            line.Report(index, subnets.Count, subnet.Id);
            exporter.Export(subnet, files[index]);
        }

        line.Complete($"{subnets.Count} models");
    }

    // None for a subnet that the search did not evaluate.
    private static ImmutableArray<FrontSubnet> Select(RunFolder folder, FrontFile front, string subnet) => subnet switch
    {
        "chosen" => [front.Subnets.First(s => s.Id == front.Chosen)],
        "front" => [.. front.Front()],
        "best" => [Best(folder, front)],
        _ => [.. front.Subnets.Where(s => s.Id == subnet)],
    };

    // The answer is no part of the front: it may be a subnet that the search never evaluated.
    private static FrontSubnet Best(RunFolder folder, FrontFile front)
    {
        var best = BestFile.Read(folder.Best);
        if (best.Supernet.Hash != front.Supernet.Hash)
        {
            throw new InputException(
                $"'{folder.Best}' belongs to another supernet than '{folder.Front}'. Ask again with 'hwnas best'.");
        }

        return best.Subnets[0] is { Top1Percent: { } measured, StandardErrorPercent: { } error } answer
            ? new FrontSubnet(answer.Id, measured, error, answer.Costs, answer.LatencyUs, OnFront: false)
            : throw new InputException(
                $"'{folder.Best}' is predicted only. Ask again with 'hwnas best' without --evaluations 0.");
    }
}
