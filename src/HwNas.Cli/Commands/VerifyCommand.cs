using System.Collections.Immutable;
using System.CommandLine;
using HwNas.Cli.Reporting;
using HwNas.Cli.Runs;
using HwNas.Core;
using HwNas.Core.Data;
using HwNas.Core.Devices;
using HwNas.Core.Devices.Measurement;
using HwNas.Core.Files;
using HwNas.Core.Spaces;
using HwNas.Onnx.Export;
using HwNas.Onnx.Profiling;
using HwNas.Onnx.Runtime;
using HwNas.Remote.Agents;
using HwNas.Supernet.Data;

namespace HwNas.Cli.Commands;

/// <summary>
/// <c>hwnas verify</c>: runs exported models through ONNX Runtime on the test images, compares them with the supernet,
/// measures them against their predictions, and writes all of it into their cards.
/// </summary>
internal static class VerifyCommand
{
    /// <summary>Test images on which a model is compared with the supernet's own output.</summary>
    public const int AgreementImages = 1000;

    private const int JudgedAtOnce = 100;

    public static Command Create(CommandContext context)
    {
        var models = new Argument<string[]>("MODEL")
        {
            Description = "Exported models (.onnx), their cards beside them.",
            Arity = ArgumentArity.OneOrMore,
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
        var run = new Option<string>("--run")
        {
            Description = "Run folder of the supernet; its outputs are compared.",
            HelpName = "DIR",
        };
        var data = new Option<string?>("--data")
        {
            Description = "The images that the models were trained on; their test images are judged. "
                + $"Default: those of --run, or {DataSets.DefaultName}.",
            HelpName = "DIR",
        };
        var seconds = Numbers.In(
            new Option<double>("--seconds") { Description = "Measure latency at most so long.", DefaultValueFactory = _ => 10 });
        var command = new Command("verify",
            """
            Verify exported models: accuracy, agreement, latency.

            Test accuracy in ONNX Runtime, agreement with the supernet, measured against predicted latency.

            Examples:
              hwnas verify model.onnx --profile device-profiles/edge-box.json
              hwnas verify model.onnx --agent http://192.168.1.20:8270 --token-file agent.token
              hwnas verify model.onnx --browser --profile device-profiles/phone.json
              hwnas verify runs/fashion/models/*.onnx --run runs/fashion --profile device-profiles/edge-box.json
            """)
        {
            models, profile, space, run, data, seconds,
        };
        var agents = new AgentAddresses().AddTo(command);
        var browser = new BrowserOptionSet();
        browser.AddTo(command, several: false);
        command.SetAction(async (parsed, cancellation) =>
        {
            var paths = parsed.GetValue(models)!;
            var folder = parsed.GetValue(run) is { } path ? new RunFolder(path) : null;
            var images = folder is null
                ? DataSets.Open(parsed.GetValue(data) ?? DataSets.DefaultSpec, cancellation)
                : RunData.Open(folder, parsed.GetValue(data), cancellation);
            var device = parsed.GetValue(profile) is { } file ? DeviceProfile.Read(file) : null;
            if (parsed.GetValue(seconds) is not (>= 0.1 and <= 3600))
                throw new InputException($"--seconds {parsed.GetValue(seconds)} is not in 0.1..3600.");
            var judged = device is null ? null : SpaceOf(parsed.GetValue(space), folder, device);
            if (agents.Of(parsed) is { Count: > 1 })
                throw new InputException("Verify with one agent at a time: each device has a profile of its own.");
            using var agent = agents.Of(parsed) is [var (address, token)]
                ? new AgentClient(address, token, new AgentPatience(), context.Time)
                : null;
            if (browser.IsAskedFor(parsed) && agent is not null)
                throw new InputException("--browser and --agent ask for two devices. Leave out one of them.");
            var options = Measuring(device, parsed.GetValue(seconds));
            await ProfiledDevice.Require(device, browser.IsAskedFor(parsed), agent, cancellation);
            var measure = agent is null
                ? LocalDevice.Measure(context, device?.Device.Id)
                : (job, progress, stop) => agent.MeasureAsync(job, fresh: true, progress, stop);
            if (browser.IsAskedFor(parsed))
            {
                options = BrowserOptionSet.InBrowsers(options);
                var host = browser.Host(context, parsed);
                await host.PrepareAsync(cancellation);
                measure = (job, _, stop) => InBrowser(context, host, job, stop);
            }

            var cards = await RunAsync(context, paths, folder, device, judged, options, measure, images, cancellation);
            context.Out.Write(VerificationText.Of(cards, context.Screen));
            return ExitCodes.Done;
        });
        return command;
    }

    // The space of the profile's layers: as it was given, as the run has it, or built in under the profile's name for it.
    private static ISearchSpace SpaceOf(string? given, RunFolder? run, DeviceProfile profile) =>
        SearchSpace.Load(given ?? (run is not null && File.Exists(run.Space) ? run.Space : profile.Space.Name));

    /// <summary>How to measure models for so many seconds, in the configuration of the profile.</summary>
    /// <exception cref="InputException">The profile is of another number format than exported models have.</exception>
    public static ProfileOptions Measuring(DeviceProfile? profile, double seconds)
    {
        if (profile is { Runtime.Precision: not ModelPrecision.Fp32 })
        {
            throw new InputException(
                $"The profile of '{profile.Device.Id}' is of {profile.Runtime}, but exported models are fp32. "
                + "Give a profile of fp32.");
        }

        var key = profile?.Runtime;
        return new ProfileOptions
        {
            Runtime = key is null
                ? new RuntimeRequest()
                : new RuntimeRequest(key.Provider, key.GraphLevel, key.IntraOpThreads, key.Precision, key.Batch),
            Measurement = new MeasurementSettings { MinSeconds = seconds, MaxSeconds = seconds, MinPasses = 20 },
        };
    }

    /// <summary>Verifies models and writes their cards.</summary>
    public static async Task<IReadOnlyList<ModelCard>> RunAsync(
        CommandContext context, IReadOnlyList<string> paths, RunFolder? folder, DeviceProfile? profile, ISearchSpace? space,
        ProfileOptions options, MeasureOnDevice measure, DataSplits data, CancellationToken cancellation)
    {
        if (paths.GroupBy(Path.GetFullPath).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new InputException($"'{twice.First()}' is given twice. Give each model once.");
        var cards = paths.Select(path => ReadCard(path, data)).ToList();
        List<LatencyEstimate>? predicted = null;
        if (profile is not null && space is not null)
            predicted = cards.ConvertAll(card => Predict(profile, space, card));
        using var line = ProgressLine.ForConsole(context, "verify");
        using var supernet = folder is null ? null : new SupernetReference(context, folder, data);
        var verifications = new List<ModelVerification>();
        foreach (var (index, path) in paths.Index())
        {
            cancellation.ThrowIfCancellationRequested();
            line.Report(index, paths.Count + 1, Path.GetFileName(path));
            var logits = Logits(context, path, cards[index], data.Test, cancellation);
            verifications.Add(new ModelVerification(
                Device: "", Runtime: "", data.Test.Count, Top1Percent(logits, cards[index], data.Test),
                supernet?.Compare(cards[index], logits, data.Test),
                predicted?[index].MedianUs, 0, 0, 0));
        }

        line.Report(paths.Count, paths.Count + 1, "latency");
        var record = await measure(JobWriter.ForModels(paths, options), progress: null, cancellation);
        if (profile is not null && record.Runtime.Name != profile.Runtime.Name)
        {
            throw new InputException(
                $"The profile is of '{profile.Runtime}', but '{record.Runtime}' measured. "
                + "Measure where the profile was: --browser, --agent, or here.");
        }

        if (profile is not null && record.Device.Id != profile.Device.Id)
        {
            throw new InputException(
                $"The profile is of '{profile.Device.Id}', but '{record.Device.Id}' measured. "
                + "Give the profile of that device, or none.");
        }

        var times = record.NetTimes(record.ClockFor(profile));
        ImmutableArray<string> warnings = [.. MeasurementWarnings.Of(record, profile)];
        var hasInterval = profile?.Validation.IntervalPercent is not null;
        for (var i = 0; i < cards.Count; i++)
        {
            var time = times[i];
            var verified = verifications[i] with
            {
                Device = record.Device.Id,
                Runtime = record.Runtime.ToString(),
                MeasuredUs = time.MedianUs,
                MeasuredLowUs = time.CiLowUs,
                MeasuredHighUs = time.CiHighUs,
                PredictedLowUs = hasInterval ? predicted?[i].LowUs : null,
                PredictedHighUs = hasInterval ? predicted?[i].HighUs : null,
            };
            var change = cards[i].ChangeOf(verified);
            cards[i] = cards[i].With(verified with { Warnings = change is null ? warnings : [.. warnings, change] });
            StrictJson.WriteFile(ModelCard.PathFor(paths[i]), cards[i]);
        }

        line.Complete($"{paths.Count} models");
        return cards;
    }

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

    private static ModelCard ReadCard(string path, DataSplits data)
    {
        var card = ModelCard.Read(ModelCard.PathFor(path));
        if (card.Data is { } trained && trained.Hash != data.Hash)
        {
            throw new InputException(
                $"'{path}' was trained on other images ({trained.Name}) than '{data.Spec}'. "
                + "Name its run with --run, or its images with --data.");
        }

        if (card.Normalisation.Channels != data.Training.Shape.Channels || card.Classes.Length != data.Classes.Length)
        {
            throw new InputException(
                $"'{path}' is for {card.Normalisation.Channels} channels and {card.Classes.Length} classes, "
                + $"but '{data.Spec}' has {data.Training.Shape.Channels} and {data.Classes.Length}. "
                + "Name its images with --data.");
        }

        if (!File.Exists(path))
            throw new InputException($"The model '{path}' does not exist. Check the path, or export it with 'hwnas export'.");
        return ContentHash.OfFile(path) == card.Model.Hash
            ? card
            : throw new InputException($"'{path}' is not the model that '{ModelCard.PathFor(path)}' describes. Export it again.");
    }

    private static float[] Logits(
        CommandContext context, string path, ModelCard card, LabelledImages images, CancellationToken cancellation)
    {
        using var model = context.Models.Open(
            path, new RuntimeRequest { Batch = JudgedAtOnce, IntraOpThreads = SharedOptions.DefaultThreads }, cancellation);
        var inputs = new NetworkInputs(images.With(card.Normalisation), card.Resolution);
        if (model.InputLength != JudgedAtOnce * inputs.Length || model.OutputLength != JudgedAtOnce * card.Classes.Length)
        {
            throw new InputException(
                $"'{path}' is not of the {card.Normalisation.Channels} channels, the resolution {card.Resolution} and the "
                + $"{card.Classes.Length} classes that its card says. Export it again.");
        }

        var logits = new List<float>(images.Count * card.Classes.Length);
        for (var first = 0; first < images.Count; first += JudgedAtOnce)
            logits.AddRange(model.Logits(inputs.Read(first, Math.Min(JudgedAtOnce, images.Count - first))));
        return logits.TrueForAll(float.IsFinite)
            ? [.. logits]
            : throw new InputException(
                $"'{path}' gives outputs that are no numbers (NaN or infinity): its weights are damaged, or its training "
                + "diverged. Export it again, or train again with a smaller --learning-rate.");
    }

    private static double Top1Percent(float[] logits, ModelCard card, LabelledImages images)
    {
        var classes = OnnxClassifier.Classes(logits, card.Classes.Length);
        return 100.0 * classes.Index().Count(c => c.Item == images.Labels[c.Index]) / images.Count;
    }

    private static LatencyEstimate Predict(DeviceProfile profile, ISearchSpace space, ModelCard card)
    {
        if (card.Space.Hash != space.Hash)
        {
            throw new InputException(
                $"The model is of the space {SearchSpace.Title(card.Space.Name, card.Space.Hash)}, but "
                + $"{SearchSpace.Title(space.Name, space.Hash)} was given. Name the model's own with --space, such as "
                + "space.json of its run, and a profile of it.");
        }

        return LatencyTable.For(profile, space).Estimate(space.PlanOf(card.Architecture));
    }
}
