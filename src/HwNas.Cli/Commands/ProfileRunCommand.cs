using System.CommandLine;
using HwNas.Cli.Reporting;
using HwNas.Core;
using HwNas.Core.Devices.Measurement;
using HwNas.Onnx.Kits;

namespace HwNas.Cli.Commands;

/// <summary><c>hwnas profile run</c>: measures a kit on this machine; the result is imported elsewhere.</summary>
internal static class ProfileRunCommand
{
    public static Command Create(CommandContext context)
    {
        var file = new Argument<string>("KIT") { Description = "A kit that 'hwnas profile kit' wrote." };
        var output = new Option<string>("--out", "-o")
        {
            Description = "The result to write. Default: beside the kit, as <kit>.result.json.",
            HelpName = "FILE",
        };
        var device = SharedOptions.Device("Id of this device, by which budgets name it. Default: from the processor's name.");
        var command = new Command("run",
            """
            Measure a kit on this machine; a killed run continues with the same command.

            Examples:
              hwnas profile run kit.zip -o result.json --device edge-box
            """) { file, output, device };
        command.SetAction((parsed, cancellation) =>
        {
            var kit = parsed.GetValue(file)!;
            Run(
                context, kit,
                parsed.GetValue(output) ?? Path.ChangeExtension(kit, ".result.json"),
                parsed.GetValue(device), cancellation);
            return Task.FromResult(ExitCodes.Done);
        });
        return command;
    }

    private static void Run(
        CommandContext context, string path, string resultPath, string? device, CancellationToken cancellation)
    {
        RuntimeRequest runtime;
        using (var kit = MeasurementKit.Open(path))
            runtime = kit.Bundle.Job.Runtime;
        var journals = new JournalFiles(resultPath);
        using var held = journals.Lock(context.OfRun);
        using var line = ProgressLine.ForConsole(context, "measure");
        try
        {
            var record = context.Models.Measure(
                path, path, runtime, device, journals.Unfinished(), new MeasurementReporter(line), line.Note, cancellation);
            record.Write(resultPath);
            journals.Complete();
            line.Complete(
                $"{Plural.Of(record.Passes.Length, "pass", "passes")} of {Plural.Of(record.Job.Models.Length, "model")} on "
                + record.Device.Id);
            context.Say(
                $"Result: {resultPath}. Where the profile is wanted: hwnas profile import {Path.GetFileName(resultPath)}");
        }
        catch (OperationCanceledException)
        {
            throw new InterruptedException(
                $"interrupted; the passes so far are in '{journals.Unfinished()}'.");
        }
    }
}
