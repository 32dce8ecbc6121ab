using System.Collections.Immutable;
using System.CommandLine;
using HwNas.Cli.Reporting;
using HwNas.Core;
using HwNas.Core.Search;

namespace HwNas.Cli.Commands;

/// <summary><c>hwnas export</c>: subnets of the front as ONNX models with their cards, without retraining.</summary>
internal static class ExportCommand
{
    public static Command Create(CommandContext context)
    {
        var run = new RunOption();
        var subnet = new Option<string>("--subnet")
        {
            Description = "Which subnet: chosen, front (all of them), best (the last answer of hwnas best), "
                + "or any id of the space.",
            HelpName = "chosen|front|best|ID",
            DefaultValueFactory = _ => "chosen",
        };
        var output = new Option<string>("--out")
        {
            Description = "The .onnx file, or the folder for several. Default: models/ in the folder of the search.",
            HelpName = "PATH",
        };
        var data = SharedOptions.DataOfRun();
        var device = new TorchDeviceOption();
        var exports = new ExportOptionSet();
        var command = new Command("export",
            """
            Export subnets as ONNX models, with a card beside each.

            Batch norm is folded in; the card (model.json) says what is known of the model.

            Examples:
              hwnas export
              hwnas export --run runs/fashion --name macs-1M
              hwnas export --run runs/fashion --subnet front
              hwnas export --run runs/fashion --out model.onnx
              hwnas export --run runs/fashion --uint8-input nhwc --output probabilities
              hwnas export --run runs/fashion --backbone --precision fp16
              hwnas export --run runs/fashion --subnet front --precision int8
              hwnas export --subnet r28-c16-w16d1k3e2-w16d1k3e2-w32d1k3e2-w48d1k3e2-h64
            """)
        {
            subnet, output, data,
        };
        foreach (var option in run.All.Concat(device.All))
            command.Add(option);
        exports.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            var torch = device.Of(parsed);
            var options = exports.Of(parsed);
            var exported = run.Of(parsed, context, parsed.GetValue(data), device: torch);
            using var held = parsed.GetValue(output) is null ? exported.Lock() : null;
            var selected = Select(exported, parsed.GetValue(subnet)!, cancellation);
            var path = parsed.GetValue(output);
            var single = path is not null && path.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase);
            if (single && selected.Length > 1)
            {
                throw new InputException(
                    $"--out '{path}' is one file, but --subnet selects {selected.Length} models. Name a folder.");
            }

            Func<FrontSubnet, string>? place = path is null
                ? null
                : subnet => single ? path : Path.Combine(path, $"{subnet.Id}{options.Form.Suffix}.onnx");
            var files = Run(context, exported, selected, place, options, cancellation);
            foreach (var file in files)
                context.Out.WriteLine(file);
            return Task.FromResult(ExitCodes.Done);
        });
        return command;
    }

    /// <summary>Writes a model and its card for each subnet, and shows how it goes.</summary>
    public static IReadOnlyList<string> Run(
        CommandContext context, NasRun run, IReadOnlyList<FrontSubnet> subnets, Func<FrontSubnet, string>? path,
        ExportOptions options, CancellationToken cancellation)
    {
        using var line = ProgressLine.ForConsole(context, "export");
        var files = run.Export(subnets, path, options, new ModelReporter(line), cancellation);
        line.Complete(Plural.Of(subnets.Count, "model"));
        return files;
    }

    // The answer of hwnas best is no part of the front: it may be a subnet that the search never evaluated.
    private static ImmutableArray<FrontSubnet> Select(NasRun run, string subnet, CancellationToken cancellation)
    {
        var search = run.Searched();
        var front = search.ReadFront();
        return subnet switch
        {
            "chosen" => [front.Subnets.First(s => s.Id == front.Chosen)],
            "front" => [.. front.Front()],
            "best" => [Best(search, front)],
            _ => [run.Subnet(subnet, cancellation)],
        };
    }

    private static FrontSubnet Best(SearchFolder search, FrontFile front)
    {
        if (!File.Exists(search.Best))
        {
            throw new InputException(
                $"Of the search '{search.Name}' there is no answer yet: ask 'hwnas best' first, or take another search with "
                + "--name.");
        }

        var best = BestFile.Read(search.Best);
        return best.Supernet.Hash == front.Supernet.Hash
            ? best.Subnets[0].Measured()
            : throw new InputException(
                $"'{search.Best}' belongs to another supernet than '{search.Front}'. Ask again with 'hwnas best'.");
    }
}
