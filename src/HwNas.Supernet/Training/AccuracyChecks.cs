using HwNas.Core.Data;
using HwNas.Supernet.Elastic;
using HwNas.Supernet.Evaluation;

namespace HwNas.Supernet.Training;

/// <summary>Accuracy of the ends of the space while it is trained, on a few images that are not trained on.</summary>
/// <param name="LargestTop1Percent">Of the largest subnet, in percent.</param>
/// <param name="SmallestTop1Percent">Of the smallest one, in percent.</param>
/// <param name="Images">Images that both were judged by.</param>
public sealed record CheckedAccuracy(double LargestTop1Percent, double SmallestTop1Percent, int Images)
{
    /// <summary>Of both together.</summary>
    internal double MeanTop1Percent => (LargestTop1Percent + SmallestTop1Percent) / 2;
}

/// <summary>
/// Looks up to eight times how well a training goes, the last time at its end, for at most about one percent of its time. It
/// reads the weights only and draws nothing at random, so that the training stays the same bit for bit.
/// </summary>
internal sealed class AccuracyChecks
{
    private const int MostChecks = 8, MostImages = 500, CalibrationBatches = 2, EvaluationBatch = 125;
    private const double MostShareOfTime = 0.01;

    // Forward and backward take about three times as long as forward.
    private const int PassesOfTraining = 3;

    private readonly TrainingOptions _options;
    private readonly LabelledImages _calibration, _judged;
    private readonly int _images, _checks;

    /// <summary>Plans the checks of a training.</summary>
    /// <param name="options">How it trains.</param>
    /// <param name="calibration">The images that it trains on.</param>
    /// <param name="judged">Images to judge by, of which a few suffice.</param>
    public AccuracyChecks(TrainingOptions options, LabelledImages calibration, LabelledImages judged)
    {
        (_options, _calibration, _judged) = (options, calibration, judged);
        _images = Math.Min(judged.Count, MostImages);

        // In images through the largest and the smallest subnet, which a random one lies between.
        double ofCheck = _images + (CalibrationBatches * options.BatchSize);
        var ofStep = options.BatchSize * PassesOfTraining * (1 + (options.Recipe.RandomSubnets / 2.0));
        _checks = (int)Math.Min(MostChecks, MostShareOfTime * options.Steps * ofStep / ofCheck);
    }

    /// <summary>Whether to look after so many steps.</summary>
    public bool IsDue(int done) => (long)done * _checks / _options.Steps > (long)(done - 1) * _checks / _options.Steps;

    /// <summary>Calibrates and judges both subnets.</summary>
    public CheckedAccuracy Of(ElasticSupernet supernet)
    {
        var evaluator = new SupernetEvaluator(supernet, weightsHash: "", _calibration, _judged, new EvaluationOptions
        {
            CalibrationBatch = _options.BatchSize,
            CalibrationBatches = CalibrationBatches,
            EvaluationBatch = EvaluationBatch,
            MaxImages = _images,
            Threads = _options.Threads,
        });
        var space = supernet.Space;

        // Not cancelled: the step that it belongs to is saved first.
        var largest = evaluator.Evaluate(space.PlanOf(space.Largest), CancellationToken.None);
        var smallest = evaluator.Evaluate(space.PlanOf(space.Smallest), CancellationToken.None);
        return new CheckedAccuracy(largest.Top1Percent, smallest.Top1Percent, _images);
    }
}
