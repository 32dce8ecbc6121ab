using System.CommandLine;
using System.Globalization;
using HwNas.Cli.Reporting;
using HwNas.Core;
using HwNas.Core.Devices;
using HwNas.Core.Devices.Measurement;
using HwNas.Core.Search;
using HwNas.Onnx.Profiling;
using HwNas.Supernet.Data;
using HwNas.Supernet.Torch;
using HwNas.Supernet.Training;
using static System.FormattableString;

namespace HwNas.Cli.Commands;

/// <summary>
/// <c>hwnas quickstart</c>: the whole of HwNas in order, on real images and this very machine. A
/// stage that is done is not done again.
/// </summary>
internal static class QuickstartCommand
{
    // In few minutes, more steps with one random subnet bring all subnets further than fewer steps with two:
    // docs/decisions/0019-a-short-training.md.
    private static readonly TrainingOptions Defaults = new() { Recipe = new() { RandomSubnets = 1, LearningRate = 0.4 } };

    private const double MostMinutes = 10_000;

    private static readonly TimeSpan TrialTime = TimeSpan.FromSeconds(6);

    public static Command Create(CommandContext context)
    {
        var output = new Option<string>("--out")
        {
            Description = "Run folder.",
            HelpName = "DIR",
            DefaultValueFactory = _ => "runs/quickstart",
        };
        var minutes = Numbers.In(new Option<double>("--minutes")
        {
            Description = "About how long all of it may take; this decides the steps.",
            DefaultValueFactory = _ => 6,
        });
        var steps = new Option<int?>("--steps")
        {
            Description = "Training steps. Default: what fits into the minutes on this machine, which is tried first.",
        };
        var evaluations = new Option<int>("--evaluations")
        {
            Description = "Subnets that the search evaluates.",
            DefaultValueFactory = _ => SearchRequest.DefaultEvaluations,
        };
        var seconds = Numbers.In(new Option<double>("--profile-seconds")
        {
            Description = "Measure this machine at most so long.",
            DefaultValueFactory = _ => 45,
        });
        var seed = SharedOptions.Seed();
        var threads = SharedOptions.Threads();
        var device = new TorchDeviceOption(trains: true);
        var data = SharedOptions.Data();
        var damaged = SharedOptions.SkipDamaged();
        var command = new Command("quickstart",
            """
            All of it once: train, profile, search, export, verify, plot.

            On Fashion-MNIST, or your --data, and this machine, in about six minutes.

            Examples:
              hwnas quickstart
              hwnas quickstart --steps 300 --evaluations 24 --profile-seconds 10
            """)
        {
            output, minutes, steps, evaluations, seconds, seed, threads, data, damaged,
        };
        foreach (var option in device.All)
            command.Add(option);
        command.SetAction(async (parsed, cancellation) =>
        {
            var torch = device.Of(parsed);
            var begun = Begun(new RunFolder(parsed.GetValue(output)!));
            var options = (begun ?? Defaults) with { Seed = parsed.GetValue(seed), Threads = parsed.GetValue(threads) };
            var search = SearchOptions.Of(parsed.GetValue(evaluations)) with { Seed = parsed.GetValue(seed) };
            var (path, profileSeconds) = (parsed.GetValue(output)!, parsed.GetValue(seconds));
            var time = parsed.GetValue(minutes);
            if (time is not (> 0 and <= MostMinutes))
                throw new InputException(Invariant($"--minutes {time} is not between 0 and {MostMinutes:N0}; write 6, say."));
            var images = DataSets.Open(
                parsed.GetValue(data)!, new DataReading { MostDamaged = parsed.GetValue(damaged), Notice = context.Say },
                cancellation);
            var started = context.Time.GetTimestamp();
            options = options with
            {
                Steps = parsed.GetValue(steps) ?? begun?.Steps
                    ?? Fitting(context, images, options, torch, time, search, profileSeconds, cancellation),
            };
            await RunAsync(context, path, options, torch, search, profileSeconds, images, cancellation);
            context.Say(string.Create(
                CultureInfo.InvariantCulture, $"Done in {context.Time.GetElapsedTime(started).TotalMinutes:F1} minutes."));
            return ExitCodes.Done;
        });
        return command;
    }

    private static async Task RunAsync(
        CommandContext context, string path, TrainingOptions training, TorchDevice device, SearchOptions search,
        double profileSeconds, DataSplits data, CancellationToken cancellation)
    {
        var space = DataSpace.Small(data);
        var run = new NasRun(path, space, context.OfRun) { Threads = training.Threads, TorchDevice = device };
        var folder = run.Folder;
        TrainCommand.Run(context, run, new TrainRequest(data) { Options = training, Resume = true }, cancellation);
        using var held = run.Lock();

        var profile = File.Exists(folder.Profile)
            ? DeviceProfile.Read(folder.Profile)
            : await ProfileCommand.Run(
                context,
                new ProfileRequest(space, Profiling(training.Seed, profileSeconds)),
                device: null, folder.Profile, cancellation);

        var front = SearchCommand.Run(
            context, run, new SearchRequest { Profiles = [profile], Options = search, Resume = true }, cancellation);

        // The ends of the space are reported even where they are not on the front.
        string[] ends = [space.IdOf(space.Smallest), space.IdOf(space.Largest)];
        var subnets = front.Subnets.Where(subnet => subnet.OnFront || ends.Contains(subnet.Id)).ToList();
        var models = ExportCommand.Run(context, run, subnets, path: null, new ExportOptions(), cancellation);
        var verification = new VerifyRequest(models, data) { Run = run, Profile = profile, Space = space };
        var cards = await VerifyCommand.RunAsync(context, verification, cancellation);

        var pictures = SearchReport.Write(run, context.Time.GetUtcNow());
        var verified = subnets.Zip(cards).ToList();

        context.Out.Write(new FrontTable(SearchReport.Rows(run.Searched(), front)).ToText(context.Screen));
        context.Out.WriteLine();
        foreach (var (index, end) in ends.Index())
        {
            var name = index == 0 ? "smallest" : "largest";
            if (verified.FirstOrDefault(pair => pair.First.Id == end).Second?.Verifications[^1] is { } found)
            {
                context.Out.WriteLine(context.Screen.Fold(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{name,-12}{found.TestTop1Percent:F2} % of the test images, {found.MeasuredUs:F1} µs: {end}")));
            }
        }

        if (VerificationText.Outside(cards) is { } outside)
            context.Out.WriteLine(context.Screen.Fold($"{"OUTSIDE",-12}{outside}"));
        context.Out.Write(context.Screen.Fold(VerificationText.Warnings(cards, label: 12)));
        context.Out.WriteLine();
        foreach (var (name, file) in Files(folder, run.Searched(), pictures))
            context.Out.WriteLine($"{name,-12}{file}");
    }

    // A training that has begun keeps its length, and the learning rate with which it went on after it diverged.
    private static TrainingOptions? Begun(RunFolder folder) =>
        File.Exists(folder.Training) ? TrainingRecord.Read(folder.Training).Options : null;

    private static int Fitting(
        CommandContext context, DataSplits data, TrainingOptions options, TorchDevice device, double minutes,
        SearchOptions search, double profileSeconds, CancellationToken cancellation)
    {
        var pace = TrainingPace.ImagesPerSecond(
            DataSpace.Small(data), data.Training, options, device, TrialTime, context.Time, cancellation);
        var steps = QuickstartLength.Steps(minutes, pace, options.BatchSize, search.Evaluations, profileSeconds);
        context.Say(context.ErrorScreen.Fold(string.Create(
            CultureInfo.InvariantCulture,
            $"This machine trains at {pace:F0} images/s: {steps:N0} steps, for {minutes:0.#} minutes in all.")));
        return steps;
    }

    private static ProfileOptions Profiling(int seed, double seconds) =>
        new() { Measurement = new MeasurementSettings { Seed = seed }.AtMost(seconds) };

    private static IEnumerable<(string Name, string File)> Files(
        RunFolder folder, SearchFolder search, IReadOnlyList<string> pictures) =>
    [
        ("supernet", folder.Checkpoint), ("profile", folder.Profile), ("front", search.Front), ("models", search.Models),
        .. pictures.Select((file, index) => (file == search.Report ? "report" : index == 0 ? "plot" : "", file)),
    ];
}
