using HwNas.Core.Spaces;

namespace HwNas.Core.Predictors;

/// <summary>A genome with its measured accuracy and its MACs.</summary>
/// <param name="Genome">The genome.</param>
/// <param name="Top1Percent">Measured top-1, in percent.</param>
/// <param name="Macs">Multiply-accumulates for one image.</param>
public sealed record MeasuredGenome(Genome Genome, double Top1Percent, long Macs);

/// <summary>
/// How well a predictor does on networks that it never saw, beside a baseline that knows nothing but their MACs.
/// </summary>
/// <param name="Training">Number of networks it was fitted on.</param>
/// <param name="HeldOut">Number of networks it was measured on.</param>
/// <param name="KendallTau">Rank correlation (τ-b) of predicted and measured accuracy.</param>
/// <param name="RmsePoints">Root mean square error, in percentage points.</param>
/// <param name="MacsKendallTau">Rank correlation of MACs and measured accuracy.</param>
/// <param name="MacsRmsePoints">Error of a line through the logarithm of the MACs, in percentage points.</param>
public sealed record PredictorReport(
    int Training, int HeldOut, double KendallTau, double RmsePoints, double MacsKendallTau, double MacsRmsePoints)
{
    /// <summary>Fewest networks that are enough to hold some of them out.</summary>
    public const int FewestSamples = 2 * Folds;

    private const int Folds = 5;

    /// <summary>Fits on some networks and measures on others.</summary>
    /// <param name="space">The genes.</param>
    /// <param name="training">The networks to fit on.</param>
    /// <param name="heldOut">The networks to measure on; at least one.</param>
    /// <exception cref="ArgumentException">There are too few networks.</exception>
    public static PredictorReport Measure(
        GenomeSpace space, IReadOnlyList<MeasuredGenome> training, IReadOnlyList<MeasuredGenome> heldOut)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(heldOut);
        ArgumentOutOfRangeException.ThrowIfZero(heldOut.Count);
        return Of(training.Count, Predict(space, training, heldOut));
    }

    /// <summary>Measures where no networks can be spared: each fifth is predicted from the other four.</summary>
    /// <param name="space">The genes.</param>
    /// <param name="samples">The networks; at least <see cref="FewestSamples"/>.</param>
    /// <param name="seed">Deals the networks out.</param>
    /// <exception cref="ArgumentException">There are too few networks.</exception>
    public static PredictorReport CrossValidate(GenomeSpace space, IReadOnlyList<MeasuredGenome> samples, int seed)
    {
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentOutOfRangeException.ThrowIfLessThan(samples.Count, FewestSamples);
        MeasuredGenome[] dealt = [.. samples];
        new Random(seed).Shuffle(dealt);
        var predictions = Enumerable.Range(0, Folds).SelectMany(fold =>
            Predict(space, [.. dealt.Where((_, i) => i % Folds != fold)], [.. dealt.Where((_, i) => i % Folds == fold)]));
        return Of(samples.Count - (samples.Count / Folds), [.. predictions]);
    }

    private static List<HeldOutPrediction> Predict(
        GenomeSpace space, IReadOnlyList<MeasuredGenome> training, IReadOnlyList<MeasuredGenome> heldOut)
    {
        var predictor = AccuracyPredictor.Fit(
            space, [.. training.Select(s => s.Genome)], [.. training.Select(s => s.Top1Percent)]);
        var (offset, slope) = Line(training);
        return [.. heldOut.Select(
            s => new HeldOutPrediction(s, predictor.Predict(s.Genome), offset + (slope * Math.Log(s.Macs))))];
    }

    private static PredictorReport Of(int training, IReadOnlyList<HeldOutPrediction> predictions)
    {
        double[] measured = [.. predictions.Select(p => p.Sample.Top1Percent)],
            predicted = [.. predictions.Select(p => p.Predicted)];
        return new PredictorReport(
            training, predictions.Count, Statistics.KendallTau.Of(predicted, measured), Rmse(predicted, measured),
            Statistics.KendallTau.Of([.. predictions.Select(p => (double)p.Sample.Macs)], measured),
            Rmse([.. predictions.Select(p => p.ByMacs)], measured));
    }

    private static double Rmse(double[] predicted, double[] measured) =>
        Math.Sqrt(predicted.Zip(measured, (p, m) => (p - m) * (p - m)).Average());

    // Least squares of accuracy on log MACs.
    private static (double Offset, double Slope) Line(IReadOnlyList<MeasuredGenome> training)
    {
        var meanLog = training.Average(s => Math.Log(s.Macs));
        var meanTop1 = training.Average(s => s.Top1Percent);
        var spread = training.Sum(s => Math.Pow(Math.Log(s.Macs) - meanLog, 2));
        var slope = spread > 0 ? training.Sum(s => (Math.Log(s.Macs) - meanLog) * (s.Top1Percent - meanTop1)) / spread : 0;
        return (meanTop1 - (slope * meanLog), slope);
    }

    private sealed record HeldOutPrediction(MeasuredGenome Sample, double Predicted, double ByMacs);
}
