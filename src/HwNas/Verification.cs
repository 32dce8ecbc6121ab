using System.Collections.Immutable;
using HwNas.Core;
using HwNas.Core.Data;
using HwNas.Core.Devices;
using HwNas.Core.Devices.Measurement;
using HwNas.Core.Files;
using HwNas.Core.Spaces;
using HwNas.Onnx.Export;
using HwNas.Onnx.Profiling;
using HwNas.Onnx.Runtime;
using HwNas.Supernet.Data;

namespace HwNas;

/// <summary>What to verify.</summary>
/// <param name="Models">Exported models (.onnx), their cards beside them.</param>
/// <param name="Data">The images that they were trained on; the test images are judged.</param>
public sealed record VerifyRequest(IReadOnlyList<string> Models, DataSplits Data)
{
    /// <summary>How long latency is measured unless something else is asked for.</summary>
    public const double DefaultSeconds = 10;

    /// <summary>The run of their supernet, whose outputs are compared; null compares none.</summary>
    public NasRun? Run { get; init; }

    /// <summary>The profile whose predictions are compared; null compares none.</summary>
    public DeviceProfile? Profile { get; init; }

    /// <summary>The space of the profile's layers.</summary>
    public ISearchSpace? Space { get; init; }

    /// <summary>
    /// How latency is measured; null for <see cref="Verification.Measuring"/> with <see cref="DefaultSeconds"/>.
    /// </summary>
    public ProfileOptions? Options { get; init; }

    /// <summary>Measures latency; null for this machine.</summary>
    public MeasureOnDevice? Measure { get; init; }
}

/// <summary>
/// Runs exported models through ONNX Runtime on the test images, compares them with the supernet, measures them against their
/// predictions, and writes all of it into their cards.
/// </summary>
public static class Verification
{
    /// <summary>Test images on which a model is compared with the supernet's own output.</summary>
    public const int AgreementImages = 1000;

    private const int JudgedAtOnce = 100;

    /// <summary>How to measure models for so many seconds, in the configuration of the profile.</summary>
    public static ProfileOptions Measuring(DeviceProfile? profile, double seconds)
    {
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
        VerifyRequest request, RunContext context, IProgress<ModelProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        var (paths, data, profile, space) = (request.Models, request.Data, request.Profile, request.Space);
        var options = request.Options ?? Measuring(profile, VerifyRequest.DefaultSeconds);
        if (request.Measure is null)
            await ProfiledDevice.Require(profile, inBrowser: false, agent: null, cancellation).ConfigureAwait(false);
        var measure = request.Measure ?? LocalDevice.Measure(context, profile?.Device.Id);
        if (paths.GroupBy(Path.GetFullPath).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new InputException($"'{twice.First()}' is given twice. Give each model once.");
        var cards = paths.Select(path => ReadCard(path, data)).ToList();
        foreach (var path in paths)
            AtomicFile.RequireWritable(ModelCard.PathFor(path));
        cards.ForEach(card => RequireForm(card, profile, options.Runtime));
        if (space is not null)
            cards.ForEach(card => RequireSpace(space, card));
        List<LatencyEstimate>? predicted = null;
        if (profile is not null && space is not null)
        {
            var table = LatencyTable.For(profile, space);
            predicted = cards.ConvertAll(card => table.Estimate(space.PlanOf(card.Architecture)));
        }

        using var supernet = request.Run is null ? null : new SupernetReference(request.Run, cancellation);
        var verifications = new List<ModelVerification>();
        foreach (var (index, path) in paths.Index())
        {
            cancellation.ThrowIfCancellationRequested();
            progress?.Report(new ModelProgress(index, paths.Count + 1, Path.GetFileName(path)));
            var logits = Logits(context, path, cards[index], data.Test, cancellation);
            verifications.Add(new ModelVerification(
                Device: "", Runtime: "", data.Test.Count, Top1Percent(logits, cards[index], data.Test),
                supernet?.Compare(cards[index], logits, data.Test),
                predicted?[index].MedianUs, 0, 0, 0));
        }

        progress?.Report(new ModelProgress(paths.Count, paths.Count + 1, "latency"));
        var record = await measure(JobWriter.ForModels(paths, options), progress: null, cancellation).ConfigureAwait(false);
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
                Runtime = (record.Runtime with { Precision = cards[i].Form.Precision }).ToString(),
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

        return cards;
    }

    private static ModelCard ReadCard(string path, DataSplits data)
    {
        if (!File.Exists(path))
            throw new InputException($"The model '{path}' does not exist. Check the path, or export it with 'hwnas export'.");
        var card = ModelCard.Read(ModelCard.PathFor(path));
        if (card.Data is { } trained && trained.Hash != data.Hash)
        {
            throw new InputException(
                $"'{path}' was trained on other images ({trained.Name}) than '{data.Spec}'. "
                + "Name its run with --run, or its images with --data.");
        }

        if (card.Form.IsBackbone)
        {
            throw new InputException(
                $"'{path}' is a backbone: without a classifier there is no accuracy to verify. Verify the same network exported "
                + "without --backbone.");
        }

        if (card.Form.Pixels is { } pixels && (pixels.Height, pixels.Width) != (data.Test.Shape.Height, data.Test.Shape.Width))
        {
            throw new InputException(
                $"'{path}' takes images of {pixels.Height}x{pixels.Width} pixels, but those of '{data.Spec}' are of "
                + $"{data.Test.Shape.Height}x{data.Test.Shape.Width}. Name its images with --data.");
        }

        if (card.Normalisation.Channels != data.Training.Shape.Channels || card.Classes.Length != data.Classes.Length)
        {
            throw new InputException(
                $"'{path}' is for {Plural.Of(card.Normalisation.Channels, "channel")} and "
                + $"{card.Classes.Length} classes, "
                + $"but '{data.Spec}' has {data.Training.Shape.Channels} and {data.Classes.Length}. "
                + "Name its images with --data.");
        }

        return ContentHash.OfFile(path) == card.Model.Hash
            ? card
            : throw new InputException($"'{path}' is not the model that '{ModelCard.PathFor(path)}' describes. Export it again.");
    }

    private static float[] Logits(
        RunContext context, string path, ModelCard card, LabelledImages images, CancellationToken cancellation)
    {
        var batch = card.Form.DynamicBatch ? JudgedAtOnce : 1;
        var runtime = new RuntimeRequest { Batch = batch, IntraOpThreads = NasRun.DefaultThreads };
        using var foreign = context.Models?.Open(path, runtime, cancellation);
        using var session = foreign is null ? OnnxSession.Open(path, runtime) : null;
        var inputs = new NetworkInputs(images.With(card.Normalisation), card.Resolution);
        var pixels = card.Form.Pixels;
        var (taken, given) = (foreign?.InputLength ?? session!.InputLength, foreign?.OutputLength ?? session!.Output.Length);
        if ((foreign?.TakesPixels ?? session!.TakesPixels) == pixels is null
            || taken != batch * (pixels is null ? inputs.Length : images.Shape.Bytes)
            || given != batch * card.Classes.Length)
        {
            throw new InputException(
                $"'{path}' is not of the {Plural.Of(card.Normalisation.Channels, "channel")}, the resolution "
                + $"{card.Resolution} and the "
                + $"{card.Classes.Length} classes that its card says. Export it again.");
        }

        var logits = new List<float>(images.Count * card.Classes.Length);
        for (var first = 0; first < images.Count; first += JudgedAtOnce)
        {
            var count = Math.Min(JudgedAtOnce, images.Count - first);
            var read = pixels?.Read(images, first, count) ?? inputs.Read(first, count);
            logits.AddRange(foreign?.Logits(read) ?? OnnxClassifier.Logits(session!, read));
        }

        return logits.TrueForAll(float.IsFinite)
            ? [.. logits]
            : throw new InputException(
                $"'{path}' gives outputs that are no numbers (NaN or infinity): its weights are damaged, or its training "
                + "diverged. Export it again, or train anew with 'hwnas train' and a smaller --learning-rate.");
    }

    private static double Top1Percent(float[] logits, ModelCard card, LabelledImages images)
    {
        var classes = OnnxClassifier.Classes(logits, card.Classes.Length);
        return 100.0 * classes.Index().Count(c => c.Item == images.Labels[c.Index]) / images.Count;
    }

    private static void RequireForm(ModelCard card, DeviceProfile? profile, RuntimeRequest runtime)
    {
        if (profile is not null && profile.Runtime.Precision != card.Form.Precision)
        {
            var precision = card.Form.Precision.ToString().ToLowerInvariant();
            throw new InputException(
                $"The profile of '{profile.Device.Id}' is of {profile.Runtime}, but '{card.Model.Name}' is {precision}. "
                + $"Give a profile of {precision}: hwnas profile --precision {precision}.");
        }

        if (!card.Form.DynamicBatch && runtime.Batch != 1)
        {
            throw new InputException(
                $"'{card.Model.Name}' takes one image in a run, but {runtime.Batch} are to be measured. Export it with "
                + "--dynamic-batch true, or give a profile of one image.");
        }
    }

    private static void RequireSpace(ISearchSpace space, ModelCard card)
    {
        if (card.Space.Hash != space.Hash)
        {
            throw new InputException(
                $"The model is of the space {SearchSpace.Title(card.Space.Name, card.Space.Hash)}, but "
                + $"{SearchSpace.Title(space.Name, space.Hash)} was given. Name the model's own with --space, such as "
                + "space.json of its run, and a profile of it.");
        }
    }
}
