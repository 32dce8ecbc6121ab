namespace HwNas.Core.Devices.Measurement;

/// <summary>
/// From isolated layers to whole networks: predicted = overhead + scale × Σ (layer − overhead). Isolated layers find
/// their weights in the cache and pay for one run each; a scale fitted on a few whole networks mends that.
/// </summary>
/// <param name="OverheadUs">Time of a run that computes nothing, in microseconds.</param>
/// <param name="Scale">What the sum of the layers is multiplied by.</param>
public sealed record Calibration(double OverheadUs, double Scale)
{
    /// <summary>Predicts a network from the sum of its layers' times without their overheads.</summary>
    public double PredictUs(double netLayersUs) => OverheadUs + (Scale * netLayersUs);

    /// <summary>Fits the scale as the median of the networks' own scales: one disturbed network does not bend it.</summary>
    /// <param name="overheadUs">Time of a run that computes nothing.</param>
    /// <param name="networks">For each network the sum of its layers without overheads, and its measured time.</param>
    public static Calibration Fit(double overheadUs, IEnumerable<(double LayersUs, double MeasuredUs)> networks) =>
        new(overheadUs, TimeSummary.Median(networks.Select(network => (network.MeasuredUs - overheadUs) / network.LayersUs)));

    /// <summary>Predicts each network by a calibration fitted on all the others.</summary>
    public static IReadOnlyList<double> LeaveOneOut(double overheadUs, IReadOnlyList<(double LayersUs, double MeasuredUs)> networks) =>
        [.. networks.Select((network, left) => Fit(overheadUs, networks.Where((_, i) => i != left)).PredictUs(network.LayersUs))];
}
