using HwNas.Core.Statistics;

namespace HwNas.Core.Devices.Measurement;

/// <summary>A network's layers, as far as a prediction needs them, and its measured time.</summary>
/// <param name="LayersUs">Sum of the times of its layers run alone, without overheads, in microseconds.</param>
/// <param name="Layers">Number of layers.</param>
/// <param name="MeasuredUs">Its own time, in microseconds.</param>
public readonly record struct CalibrationNet(double LayersUs, int Layers, double MeasuredUs);

/// <summary>
/// From isolated layers to whole networks: predicted = overhead + Σ (scale × (layer − overhead) + step). An isolated
/// layer finds its weights in the cache, where a network must fetch them; and it converts layouts at both ends, where a
/// network's layers hand them on. The first costs more the larger a layer is, and both once for each layer.
/// </summary>
/// <param name="OverheadUs">Time of a run that computes nothing, in microseconds.</param>
/// <param name="Scale">What the time of each layer is multiplied by.</param>
/// <param name="StepUs">What each layer costs more within a network, in microseconds; negative where it costs less.</param>
public sealed record Calibration(double OverheadUs, double Scale, double StepUs)
{
    private const double LeastScale = 0.1;

    // Two parameters take more networks to fit than one.
    private const int LeastForStep = 6;

    /// <summary>What a layer contributes to the time of a network.</summary>
    /// <param name="layerUs">Its time alone, without the overhead.</param>
    public double ContributionUs(double layerUs) => (Scale * layerUs) + StepUs;

    /// <summary>Predicts a network.</summary>
    /// <param name="layersUs">Sum of the times of its layers alone, without overheads.</param>
    /// <param name="layers">Number of its layers.</param>
    public double PredictUs(double layersUs, int layers) => OverheadUs + (Scale * layersUs) + (StepUs * layers);

    /// <summary>
    /// Fits scale and step with the least sum of absolute relative errors, so that one disturbed network does not bend
    /// them; without the step, where networks left out are predicted no better with it.
    /// </summary>
    /// <param name="overheadUs">Time of a run that computes nothing.</param>
    /// <param name="nets">At least one network.</param>
    public static Calibration Fit(double overheadUs, IReadOnlyList<CalibrationNet> nets)
    {
        ArgumentNullException.ThrowIfNull(nets);
        ArgumentOutOfRangeException.ThrowIfZero(nets.Count, nameof(nets));
        return nets.Count >= LeastForStep && LeftOutError(overheadUs, nets, FitStep) < LeftOutError(overheadUs, nets, FitScale)
            ? FitStep(overheadUs, nets)
            : FitScale(overheadUs, nets);
    }

    /// <summary>Predicts each network by a calibration fitted on all the others.</summary>
    public static IReadOnlyList<double> LeaveOneOut(double overheadUs, IReadOnlyList<CalibrationNet> nets) =>
        LeaveOneOut(overheadUs, nets, Fit);

    private static IReadOnlyList<double> LeaveOneOut(
        double overheadUs, IReadOnlyList<CalibrationNet> nets, Func<double, IReadOnlyList<CalibrationNet>, Calibration> fit) =>
        [.. nets.Select(
            (net, left) => fit(overheadUs, [.. nets.Where((_, i) => i != left)]).PredictUs(net.LayersUs, net.Layers))];

    private static double LeftOutError(
        double overheadUs, IReadOnlyList<CalibrationNet> nets, Func<double, IReadOnlyList<CalibrationNet>, Calibration> fit) =>
        nets.Zip(LeaveOneOut(overheadUs, nets, fit), (net, predictedUs) => Math.Abs((predictedUs / net.MeasuredUs) - 1))
            .Average();

    private static Calibration FitScale(double overheadUs, IReadOnlyList<CalibrationNet> nets) =>
        new(overheadUs, Quantiles.Median(nets.Select(net => (net.MeasuredUs - overheadUs) / net.LayersUs)), 0);

    // The line of least absolute deviations goes through two of the points, so all pairs are tried.
    private static Calibration FitStep(double overheadUs, IReadOnlyList<CalibrationNet> nets)
    {
        var (best, bestError) = (FitScale(overheadUs, nets), double.PositiveInfinity);
        for (var i = 0; i < nets.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                if (Through(overheadUs, nets[i], nets[j]) is not { } line)
                    continue;
                var error = nets.Sum(net => Math.Abs((line.PredictUs(net.LayersUs, net.Layers) / net.MeasuredUs) - 1));
                if (error < bestError)
                    (best, bestError) = (line, error);
            }
        }

        return best;
    }

    // Scale and step that predict both networks exactly; null where there are none that make sense.
    private static Calibration? Through(double overheadUs, CalibrationNet a, CalibrationNet b)
    {
        var determinant = (a.LayersUs * b.Layers) - (b.LayersUs * a.Layers);
        if (Math.Abs(determinant) < 1e-9 * a.LayersUs * b.Layers)
            return null;
        var (aUs, bUs) = (a.MeasuredUs - overheadUs, b.MeasuredUs - overheadUs);
        var scale = ((aUs * b.Layers) - (bUs * a.Layers)) / determinant;
        var stepUs = ((a.LayersUs * bUs) - (b.LayersUs * aUs)) / determinant;
        return scale >= LeastScale ? new Calibration(overheadUs, scale, stepUs) : null;
    }
}
