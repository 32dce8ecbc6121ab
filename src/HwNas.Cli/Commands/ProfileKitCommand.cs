using System.CommandLine;
using HwNas.Core.SearchSpaces;
using HwNas.Onnx.Kits;
using HwNas.Onnx.Profiling;

namespace HwNas.Cli.Commands;

/// <summary><c>hwnas profile kit</c>: writes what a device is to measure as one zip file, for devices that no network reaches.</summary>
internal static class ProfileKitCommand
{
    public static Command Create(CommandContext context)
    {
        var output = new Option<string>("--out", "-o") { Description = "The kit to write.", HelpName = "FILE", DefaultValueFactory = _ => "kit.zip" };
        var space = SharedOptions.Space();
        var threads = new Option<int>("--threads") { Description = "Threads that share the work of one network.", DefaultValueFactory = _ => 1 };
        var seconds = ProfileCommand.SecondsOption();
        var seed = SharedOptions.Seed();
        var command = new Command("kit", "Write a kit: job, models and a script, to be measured where no network reaches.") { output, space, threads, seconds, seed };
        command.SetAction(parsed =>
        {
            var options = ProfileCommand.Options(parsed.GetValue(threads), parsed.GetValue(seed), ProfileCommand.InRange(parsed.GetValue(seconds)));
            var bundle = JobWriter.ForSpace(SearchSpace.Load(parsed.GetValue(space)!), options);
            var path = parsed.GetValue(output)!;
            MeasurementKit.Write(path, bundle);
            context.Error.WriteLine(
                $"Kit: {path}, {bundle.Job.Models.Length} models. Copy it to the device; there: hwnas profile run {Path.GetFileName(path)}");
            return ExitCodes.Done;
        });
        return command;
    }
}
