using System.Collections.Immutable;
using HwNas.Core.Statistics;

namespace HwNas.Core.Devices.Measurement;

/// <summary>Fits the scale on the calibration networks and judges predictions by networks that they do not know.</summary>
internal static class NetValidation
{
    /// <summary>
    /// Predicts each network from the layers: a calibration network by a scale fitted on all the others, a
    /// held-out one by the scale itself.
    /// </summary>
    /// <param name="plan">Which networks calibrate.</param>
    /// <param name="overheadUs">Time of a run that computes nothing.</param>
    /// <param name="nets">Their measured times, in the plan's order.</param>
    /// <param name="entries">The layers, overhead included.</param>
    public static (Calibration Calibration, ProfileValidation Validation) Of(
        RotationPlan plan, double overheadUs, IReadOnlyList<NetTime> nets, ImmutableArray<LatencyEntry> entries)
    {
        var layersUs = entries.ToDictionary(entry => entry.Layer, entry => Math.Max(0, entry.MedianUs - overheadUs));
        var known = nets.Select(
            net => new CalibrationNet(net.Layers.Sum(layer => layersUs[layer]), net.Layers.Length, net.MeasuredUs)).ToList();
        var calibrating = known.Where((_, i) => plan.Nets[i].Calibrates).ToList();
        var calibration = Calibration.Fit(overheadUs, calibrating);
        var leftOut = new Queue<double>(Calibration.LeaveOneOut(overheadUs, calibrating));
        return (calibration, Judge(
            nets,
            i => plan.Nets[i].Calibrates ? leftOut.Dequeue() : calibration.PredictUs(known[i].LayersUs, known[i].Layers),
            i => plan.Nets[i].Calibrates));
    }

    /// <summary>Predicts whole networks from whole networks, in ten parts: each part by a fit on the nine others.</summary>
    /// <param name="overheadUs">Time of a run that computes nothing.</param>
    /// <param name="nets">Measured networks.</param>
    /// <param name="fit">Layers, overhead included, that explain networks.</param>
    public static ProfileValidation OfEndToEnd(
        double overheadUs, IReadOnlyList<NetTime> nets, Func<IReadOnlyList<NetTime>, ImmutableArray<LatencyEntry>> fit)
    {
        const int Parts = 10;
        var predictedUs = new double[nets.Count];
        for (var part = 0; part < Parts; part++)
        {
            var entries = fit([.. nets.Where((_, i) => i % Parts != part)])
                .ToDictionary(entry => entry.Layer, entry => entry.MedianUs - overheadUs);
            for (var i = part; i < nets.Count; i += Parts)
                predictedUs[i] = overheadUs + nets[i].Layers.Sum(layer => entries[layer]);
        }

        return Judge(nets, i => predictedUs[i], _ => true);
    }

    private static ProfileValidation Judge(IReadOnlyList<NetTime> nets, Func<int, double> predictUs, Func<int, bool> calibrates)
    {
        var validated = nets.Select((net, i) => new ValidatedNet(
            net.Architecture, calibrates(i), predictUs(i), net.MeasuredUs, net.SplitHalfPercent)).ToImmutableArray();
        var heldOut = validated.Where(net => !net.Calibrates).Select(Pair).ToList();
        return new ProfileValidation(
            Quantiles.Median(nets.Select(net => net.SplitHalfPercent)),
            PredictionInterval.HalfWidthPercent([.. validated.Select(Pair)]),
            PredictionErrors.Of([.. validated.Where(net => net.Calibrates).Select(Pair)]),
            heldOut.Count > 0 ? PredictionErrors.Of(heldOut) : null,
            validated);

        static (double PredictedUs, double MeasuredUs) Pair(ValidatedNet net) => (net.PredictedUs, net.MeasuredUs);
    }
}
