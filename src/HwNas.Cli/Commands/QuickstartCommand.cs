using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using HwNas.Cli.Reporting;
using HwNas.Core.Devices;
using HwNas.Core.Devices.Measurement;
using HwNas.Core.Files;
using HwNas.Core.Search;
using HwNas.Onnx.Export;
using HwNas.Onnx.Profiling;
using HwNas.Supernet.Data;
using HwNas.Supernet.Training;

namespace HwNas.Cli.Commands;

/// <summary>
/// <c>hwnas quickstart</c>: the whole of HwNas in order, on real images and this very machine. A
/// stage that is done is not done again.
/// </summary>
internal static class QuickstartCommand
{
    private static readonly TrainingOptions Defaults = new();

    public static Command Create(CommandContext context)
    {
        var output = new Option<string>("--out")
        {
            Description = "Run folder.",
            HelpName = "DIR",
            DefaultValueFactory = _ => "runs/quickstart",
        };
        var steps = new Option<int>("--steps") { Description = "Training steps.", DefaultValueFactory = _ => Defaults.Steps };
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
        var data = SharedOptions.Data();
        var command = new Command("quickstart",
            """
            All of it once: train, profile, search, export, verify, plot.

            On Fashion-MNIST, or your --data, and this machine, in about ten minutes.

            Examples:
              hwnas quickstart
              hwnas quickstart --out runs/short --steps 300 --evaluations 24 --profile-seconds 10
            """)
        {
            output, steps, evaluations, seconds, seed, threads, data,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var options = Defaults with
            {
                Steps = parsed.GetValue(steps),
                Seed = parsed.GetValue(seed),
                Threads = parsed.GetValue(threads),
            };
            var search = SearchOptions.Of(parsed.GetValue(evaluations)) with { Seed = parsed.GetValue(seed) };
            await RunAsync(
                context, parsed.GetValue(output)!, options, search, parsed.GetValue(seconds),
                DataSets.Open(parsed.GetValue(data)!, cancellation),
                cancellation);
            return ExitCodes.Done;
        });
        return command;
    }

    private static async Task RunAsync(
        CommandContext context, string path, TrainingOptions training, SearchOptions search, double profileSeconds,
        DataSplits data, CancellationToken cancellation)
    {
        var started = context.Time.GetTimestamp();
        var space = DataSpace.For(nameOrPath: null, data);
        var run = new NasRun(path, space, context.OfRun) { Threads = training.Threads };
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
        var models = ExportCommand.Run(context, run, subnets, path: null, cancellation);
        var verification = new VerifyRequest(models, data) { Run = run, Profile = profile, Space = space };
        var cards = await VerifyCommand.RunAsync(context, verification, cancellation);

        PlotCommand.Run(front, [folder.PlotPng, folder.PlotSvg]);
        PlotCommand.RunCourse(SearchMetrics.Read(folder.SearchMetrics), [folder.HypervolumePng, folder.HypervolumeSvg]);
        var verified = subnets.Zip(cards).ToList();
        var cardOf = verified.ToDictionary(pair => pair.First.Id, pair => pair.Second);
        var rows = FrontRows.Sorted(front).Select(subnet => Row(front, subnet, cardOf[subnet.Id], folder)).ToList();
        Report(front, profile, rows, context.Time.GetUtcNow()).Save(folder.Report);

        context.Out.Write(new FrontTable(rows).ToText(context.Screen));
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
        foreach (var (name, file) in Files(folder))
            context.Out.WriteLine($"{name,-12}{file}");
        context.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"Done in {context.Time.GetElapsedTime(started).TotalMinutes:F1} minutes."));
    }

    private static ProfileOptions Profiling(int seed, double seconds) =>
        new() { Measurement = new MeasurementSettings { Seed = seed }.AtMost(seconds) };

    private static FrontRow Row(FrontFile front, FrontSubnet subnet, ModelCard card, RunFolder folder) =>
        FrontRows.Of(front, subnet) with
        {
            Model = Path.GetRelativePath(folder.Path, folder.Model(subnet.Id)),
            MeasuredUs = card.Verifications[^1].MeasuredUs,
            TestAccuracyPercent = card.Verifications[^1].TestTop1Percent,
        };

    private static HtmlReport Report(
        FrontFile front, DeviceProfile profile, IReadOnlyList<FrontRow> rows, DateTimeOffset now) => new(
        $"HwNas: {front.Space.Name} on {profile.Device.Id}",
        [
            ("Made", string.Create(CultureInfo.InvariantCulture, $"{now:yyyy-MM-dd HH:mm} UTC by HwNas {ToolVersion.Text}")),
            ("Device", profile.Device.CpuModel),
            ("Runtime", profile.Runtime.ToString()),
            ("Subnets evaluated", front.Subnets.Length.ToString(CultureInfo.InvariantCulture)),
            ("Seed", front.Seed.ToString(CultureInfo.InvariantCulture)),
            ("Latency table", $"{profile.Entries.Length} layers; {ProfileText.Trust(profile)}"),
        ],
        FrontRows.Picture(front), rows);

    private static IEnumerable<(string Name, string File)> Files(RunFolder folder) =>
    [
        ("supernet", folder.Checkpoint), ("profile", folder.Profile), ("front", folder.Front), ("models", folder.Models),
        ("plot", folder.PlotPng), ("", folder.PlotSvg), ("", folder.HypervolumePng), ("", folder.HypervolumeSvg),
        ("report", folder.Report),
    ];
}
