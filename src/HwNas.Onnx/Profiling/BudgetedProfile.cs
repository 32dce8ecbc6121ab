using HwNas.Core;
using HwNas.Core.Devices.Coverage;
using HwNas.Core.Devices.Measurement;
using HwNas.Core.Graphs;
using HwNas.Core.Spaces;
using HwNas.Core.Statistics;

namespace HwNas.Onnx.Profiling;

/// <summary>
/// Profiles a space of any size within a time: a short pilot tells how long the layers take; a space that fits is
/// measured whole; of a larger one a designed part is measured, then more of those layers that the rest predicts worst.
/// </summary>
/// <param name="space">The space.</param>
/// <param name="options">What and how; the settings' longest time is replaced by the budget.</param>
/// <param name="clock">The clock.</param>
public sealed class BudgetedProfile(ISearchSpace space, ProfileOptions options, TimeProvider clock)
{
    /// <summary>The stage that measures all layers, or the designed part of them.</summary>
    public const string MainStage = "samples";

    private const string PilotStage = "pilot";
    private const string MoreStage = "more";
    private const int PilotLayers = 60;
    private const int PilotPasses = 5;
    private const int LeastPasses = 30;

    // The first part of a space that does not fit; what is left measures where the model errs.
    private const double FirstShare = 0.6;

    private readonly IReadOnlyList<Block> _layers = space.DistinctBlocks();

    /// <summary>All stages that a profile may have.</summary>
    public static IReadOnlyList<string> Stages { get; } = [PilotStage, MainStage, MoreStage];

    /// <summary>The stages whose records make up the profile, in their order.</summary>
    public static IReadOnlyList<string> KeptStages { get; } = [MainStage, MoreStage];

    /// <summary>Has the device measure for about as long as the budget.</summary>
    /// <param name="budget">Time for all of it; at least a minute.</param>
    /// <param name="device">Measures a job; the name says which stage it is, and stays the same when an
    /// interrupted profile is continued.</param>
    /// <returns>The measurements that make up the profile.</returns>
    /// <exception cref="InputException">Not even the layers that the model needs fit into the time.</exception>
    public async Task<IReadOnlyList<MeasurementRecord>> Measure(
        TimeSpan budget, Func<string, JobBundle, Task<MeasurementRecord>> device)
    {
        ArgumentNullException.ThrowIfNull(device);
        var start = clock.GetTimestamp();
        var pilot = await device(PilotStage, JobWriter.ForLayers(space, Sample(), options with
        {
            Measurement = options.Measurement with
            {
                MinPasses = PilotPasses,
                MaxPasses = PilotPasses,
                MinSeconds = 0,
                MaxSeconds = Math.Max(1, budget.TotalSeconds / 4),
            },
        }));
        var load = LoadTime(start, pilot);
        var left = budget - clock.GetElapsedTime(start);
        var fitting = Fitting(pilot, load, left);
        if (fitting >= _layers.Count)
            return [await device(MainStage, JobWriter.ForLayers(space, _layers, With(left - (load * _layers.Count))))];

        var least = CoverageDesign.LeastLayers(_layers);
        if (fitting < least)
        {
            throw new InputException(
                $"The space '{space.Name}' needs at least {least} of its {_layers.Count} layers measured, "
                + $"but only {Math.Max(0, fitting)} fit into {budget.TotalMinutes:F1} minutes. "
                + $"Give --minutes {Math.Ceiling(budget.TotalMinutes * least / Math.Max(1, fitting))} or more.");
        }

        var firstCount = Math.Max(least, (int)(FirstShare * fitting));
        var part = CoverageDesign.Choose(_layers, new HashSet<string>(), _ => 1, firstCount);
        var first = await device(MainStage, JobWriter.ForLayers(space, part, With((left * FirstShare) - (load * part.Count))));
        var model = Model(part, first);
        var measured = part.Select(layer => layer.LatencyKey).ToHashSet();
        var more = CoverageDesign.Choose(
            _layers, measured,
            layer => model.Covers(layer) ? model.Predict(layer).RelativeError : 0,
            Math.Max(fitting, firstCount));
        if (more.Count == 0)
            return [first];
        var rest = budget - clock.GetElapsedTime(start);
        return [first, await device(MoreStage, JobWriter.ForLayers(space, more, With(rest - (load * more.Count))))];
    }

    private ProfileOptions With(TimeSpan passes) => options with
    {
        Measurement = options.Measurement.AtMost(Math.Max(1, passes.TotalSeconds)) with
        {
            MinPasses = Math.Min(LeastPasses / 2, options.Measurement.MaxPasses),
        },
    };

    private List<Block> Sample()
    {
        var order = _layers.ToArray();
        new Random(options.Measurement.Seed).Shuffle(order);
        return [.. order.Take(PilotLayers)];
    }

    // Time to build, send and load a model.
    private TimeSpan LoadTime(long start, MeasurementRecord pilot) =>
        (clock.GetElapsedTime(start) - TimeSpan.FromMilliseconds(pilot.Passes[^1].ElapsedMs)) / pilot.Job.Models.Length;

    // How many layers can be measured often enough, together with the networks.
    private int Fitting(MeasurementRecord pilot, TimeSpan load, TimeSpan time)
    {
        var settings = options.Measurement;
        var costsUs = pilot.Samples().Select(model => Quantiles.Median(model.WallUs)).Select(CostUs).ToList();
        var layerUs = costsUs.Skip(1).Take(pilot.Job.Plan.Layers.Length).Average();
        var netsUs = costsUs.TakeLast(pilot.Job.Plan.Nets.Length).Sum();
        return (int)((time.TotalMicroseconds - (LeastPasses * netsUs)) / ((LeastPasses * layerUs) + load.TotalMicroseconds));

        double CostUs(double us) => (Runs(settings.LeadUs, us) + Runs(settings.MinSampleUs, us)) * us;
        static double Runs(double atLeastUs, double us) => Math.Max(1, Math.Ceiling(atLeastUs / us));
    }

    private static LayerTimeModel Model(IReadOnlyList<Block> part, MeasurementRecord record)
    {
        var medians = record.Samples().Select(samples => Quantiles.Median(samples.WallUs)).ToList();
        return LayerTimeModel.Fit(part.Select((layer, i) => new TimedLayer(layer, Math.Max(0, medians[1 + i] - medians[0]))));
    }
}
