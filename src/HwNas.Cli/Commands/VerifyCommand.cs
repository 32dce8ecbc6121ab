using System.CommandLine;
using HwNas.Cli.Reporting;
using HwNas.Core;
using HwNas.Core.Devices;
using HwNas.Core.Devices.Measurement;
using HwNas.Core.Search;
using HwNas.Core.Spaces;
using HwNas.Onnx.Export;
using HwNas.Onnx.Profiling;
using HwNas.Remote.Agents;
using HwNas.Supernet.Data;

namespace HwNas.Cli.Commands;

/// <summary>
/// <c>hwnas verify</c>: runs exported models through ONNX Runtime on the test images, compares them with the supernet,
/// measures them against their predictions, and writes all of it into their cards.
/// </summary>
internal static class VerifyCommand
{
    public static Command Create(CommandContext context)
    {
        var models = new Argument<string[]>("MODEL")
        {
            Description = "Exported models (.onnx), their cards beside them. Default: those in models/ of the search.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var profile = new Option<string>("--profile")
        {
            Description = "Profile of this machine; its prediction is compared.",
            HelpName = "FILE",
        };
        var space = new Option<string>("--space")
        {
            Description = "The search space, where it is not a built-in one.",
            HelpName = "FILE",
        };
        var run = new RunOption("Search whose models are verified, where none are named. Default: the newest.");
        var data = new Option<string?>("--data")
        {
            Description = "The images that the models were trained on; their test images are judged. "
                + $"Default: those of --run, or {DataSets.DefaultName}.",
            HelpName = "DIR",
        };
        var device = new TorchDeviceOption();
        var seconds = Numbers.In(
            new Option<double>("--seconds")
            {
                Description = "Measure latency at most so long.",
                DefaultValueFactory = _ => VerifyRequest.DefaultSeconds,
            });
        var strict = new Option<bool>("--strict")
        {
            Description = "End with exit code 1 where a budget is broken, or more intervals than chance explains.",
        };
        var command = new Command("verify",
            """
            Verify exported models: accuracy, agreement, latency.

            Test accuracy in ONNX Runtime, agreement with the supernet, measured against predicted latency.

            Examples:
              hwnas verify --run runs/fashion --name macs-1M
              hwnas verify model.onnx --profile device-profiles/edge-box.json
              hwnas verify model.onnx --agent http://pi5:8270 --token-file pi5.token
              hwnas verify model.onnx --browser --profile device-profiles/phone.json
              hwnas verify models/*.onnx --profile device-profiles/edge-box.json
            """)
        {
            models, profile, space, data, seconds, strict,
        };
        foreach (var option in run.All.Concat(device.All))
            command.Add(option);
        var agents = new AgentAddresses().AddTo(command);
        var browser = new BrowserOptionSet();
        browser.AddTo(command, several: false);
        command.SetAction(async (parsed, cancellation) =>
        {
            var torch = device.Of(parsed);
            var paths = parsed.GetValue(models)!;
            if (paths.Length > 0 && run.IsSearchGiven(parsed))
                throw new InputException("--name verifies the models of a search, but models are named. Leave one of them out.");

            // A model and its card suffice.
            var verified = paths.Length == 0 || run.IsGiven(parsed)
                ? run.Of(parsed, context, parsed.GetValue(data), device: torch)
                : null;
            var profiled = parsed.GetValue(profile) is { } file ? DeviceProfile.Read(file) : null;
            FrontFile? front = null;
            if (paths.Length == 0)
            {
                var search = verified!.Searched();
                (paths, front) = (ModelsOf(search, profiled), search.ReadFront());
            }

            var images = verified?.Data(cancellation)
                ?? DataSets.Open(parsed.GetValue(data) ?? DataSets.DefaultSpec, cancellation);
            if (parsed.GetValue(seconds) is not (>= 0.1 and <= 3600))
                throw new InputException($"--seconds {parsed.GetValue(seconds)} is not in 0.1..3600.");
            var judged = SpaceOf(parsed.GetValue(space), verified?.Folder, profiled);
            if (agents.Of(parsed) is { Count: > 1 })
                throw new InputException("Verify with one agent at a time: each device has a profile of its own.");
            using var agent = agents.Of(parsed) is [var (address, token)]
                ? new AgentClient(address, token, new AgentPatience(), context.Time)
                : null;
            if (browser.IsAskedFor(parsed) && agent is not null)
                throw new InputException("--browser and --agent ask for two devices. Leave out one of them.");
            var options = Verification.Measuring(profiled, parsed.GetValue(seconds));
            await ProfiledDevice.Require(profiled, browser.IsAskedFor(parsed), agent, cancellation);
            MeasureOnDevice? measure = agent is null
                ? null
                : (job, progress, stop) => agent.MeasureAsync(job, fresh: true, progress, stop);
            if (browser.IsAskedFor(parsed))
            {
                options = BrowserOptionSet.InBrowsers(options);
                var host = browser.Host(context, parsed);
                await host.PrepareAsync(cancellation);
                measure = (job, _, stop) => InBrowser(context, host, job, stop);
            }

            var request = new VerifyRequest(paths, images)
            {
                Run = verified, Profile = profiled, Space = judged, Options = options, Measure = measure,
            };
            var cards = await RunAsync(context, request, cancellation);
            var verdict = new VerificationVerdict(cards, LimitsUs(front));
            context.Out.Write(VerificationText.Of(cards, context.Screen));
            context.Out.Write(context.Screen.Fold($"{verdict}"));
            return verdict.IsKept || !parsed.GetValue(strict) ? ExitCodes.Done : ExitCodes.Failed;
        });
        return command;
    }

    /// <summary>Verifies models, writes their cards, and shows how it goes.</summary>
    public static async Task<IReadOnlyList<ModelCard>> RunAsync(
        CommandContext context, VerifyRequest request, CancellationToken cancellation)
    {
        using var line = ProgressLine.ForConsole(context, "verify");
        var cards = await Verification.RunAsync(request, context.OfRun, new ModelReporter(line), cancellation);
        line.Complete(Plural.Of(cards.Count, "model"));
        return cards;
    }

    private static Dictionary<string, double> LimitsUs(FrontFile? front) =>
        front is null
            ? []
            : front.Budgets
                .Select(budget => (front.MetricOf(budget.Cost).Device, budget.Limit))
                .Where(budget => budget.Device is not null)
                .ToDictionary(budget => budget.Device!, budget => budget.Limit);

    // Those with a classifier, and of the profile's number format where there is one.
    private static string[] ModelsOf(SearchFolder search, DeviceProfile? profile)
    {
        var files = Directory.Exists(search.Models) ? Directory.GetFiles(search.Models, "*.onnx") : [];
        string[] models = [.. files.Where(file => IsJudged(ModelCard.Read(ModelCard.PathFor(file)).Form))];
        return models.Length > 0
            ? [.. models.Order(StringComparer.Ordinal)]
            : throw new InputException(
                $"'{search.Models}' holds no models{(files.Length > 0 ? " that can be verified so" : "")}. Export the search "
                + $"'{search.Name}' first, with 'hwnas export', or name models.");

        bool IsJudged(ModelForm form) =>
            !form.IsBackbone && (profile is null || form.Precision == profile.Runtime.Precision);
    }

    // The models' space: as it was given, as the run has it, or built in under the profile's name for it.
    private static ISearchSpace? SpaceOf(string? given, RunFolder? run, DeviceProfile? profile) =>
        (given ?? (run is not null && File.Exists(run.Space) ? run.Space : profile?.Space.Name)) is { } space
            ? SearchSpace.Load(space)
            : null;

    // The first browser that opens the page measures; its raw samples are not kept.
    private static async Task<MeasurementRecord> InBrowser(
        CommandContext context, BrowserHost host, JobBundle job, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("hwnas-");
        try
        {
            using var line = ProgressLine.ForConsole(context, "browser");
            MeasurementRecord? answer = null;
            await host.Serve(
                job, wanted: 1,
                device => Path.Combine(folder.FullName, device + ".jsonl"),
                record => answer ??= record, line, cancellation);
            line.Complete(answer!.Device.Id);
            return answer;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
