using HwNas.Core.Devices;
using HwNas.Core.Devices.Measurement;
using HwNas.Core.Spaces;
using HwNas.Onnx.Profiling;

namespace HwNas;

/// <summary>What to profile.</summary>
/// <param name="Space">The space.</param>
/// <param name="Options">How to measure.</param>
/// <param name="Budget">Time for all of it; null measures the space whole.</param>
/// <param name="EndToEnd">Whole networks only, no layers.</param>
public sealed record ProfileRequest(ISearchSpace Space, ProfileOptions Options, TimeSpan? Budget = null, bool EndToEnd = false)
{
    /// <summary>Whose blocks are measured. A network that is alone is measured among those of the space that it is of.</summary>
    public ISearchSpace Space { get; } = Space is SubnetSpace subnet ? subnet.Whole : Space;
}

/// <summary>Measures the latency tables of devices.</summary>
public static class Profiling
{
    /// <summary>Measures this machine and writes its profile.</summary>
    /// <param name="request">What to profile.</param>
    /// <param name="device">The device's id; null for one from the processor's name.</param>
    /// <param name="path">The profile.</param>
    /// <param name="context">The clock, and who hears notices.</param>
    /// <param name="progress">Hears of every pass.</param>
    /// <param name="cancellation">Ends; the passes so far are kept beside the profile, and the same call continues.</param>
    /// <exception cref="Core.InputException">Another process measures into the profile, or the space has
    /// no layer to measure.</exception>
    /// <exception cref="InterruptedException">Cancelled.</exception>
    public static async Task<DeviceProfile> HereAsync(
        ProfileRequest request, string? device, string path, RunContext context, IProgress<MeasurementProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        var journals = new JournalFiles(path);
        using var held = journals.Lock(context);
        var runner = new JobRunner(device, context.Time, context.Notice);
        try
        {
            var records = await MeasureAsync(
                request,
                (stage, bundle) => Task.FromResult(runner.Run(bundle, journals.Unfinished(stage), progress, cancellation)),
                context).ConfigureAwait(false);
            var profile = ProfileAssembly.Profile(records).Write(path);
            journals.Complete();
            return profile;
        }
        catch (OperationCanceledException)
        {
            throw new InterruptedException($"interrupted; the passes so far are in '{journals.Unfinished()}'.");
        }
    }

    /// <summary>Has a device measure what was asked for, in as many stages as it takes.</summary>
    /// <param name="request">What to profile.</param>
    /// <param name="device">Measures a stage's job.</param>
    /// <param name="context">The clock.</param>
    public static async Task<IReadOnlyList<MeasurementRecord>> MeasureAsync(
        ProfileRequest request, Func<string, JobBundle, Task<MeasurementRecord>> device, RunContext context)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(context);
        if (request.EndToEnd)
        {
            return [await device(
                BudgetedProfile.MainStage, JobWriter.ForLayers(request.Space, [], request.Options)).ConfigureAwait(false)];
        }

        return request.Budget is { } budget
            ? await new BudgetedProfile(request.Space, request.Options, context.Time)
                .Measure(budget, device).ConfigureAwait(false)
            : [await device(BudgetedProfile.MainStage, JobWriter.ForSpace(request.Space, request.Options)).ConfigureAwait(false)];
    }
}
