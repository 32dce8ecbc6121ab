using HwNas.Core.Spaces.MbConv;
using HwNas.Native.Tests.Support;
using HwNas.Supernet.Data;
using HwNas.Supernet.Evaluation;
using HwNas.Supernet.Training;

namespace HwNas.Native.Tests.EndToEnd;

/// <summary>The trained supernet that comes with the sources is about as good as its page says.</summary>
public sealed class PretrainedTests
{
    // Of the first 2,000 test images, calibrated on fewer images than searches take; the page has those of all.
    private const double LeastSmallest = 90, LeastLargest = 93;

    [Fact]
    public void Its_smallest_and_largest_subnets_are_accurate()
    {
        var space = MbConvSpace.Load("fashion-mnist");
        var run = new RunFolder(Path.Combine(Repository.Root, PretrainedCopy.Place));
        using var supernet = SupernetCheckpoint.Read(run.Checkpoint, space).CreateSupernet();
        var data = DataSets.Open(DataSets.DefaultSpec);
        var evaluator = new SupernetEvaluator(
            supernet, "", data.Training, data.Test, new EvaluationOptions { CalibrationBatches = 8, MaxImages = 2_000 });
        Assert.InRange(
            evaluator.Evaluate(space.PlanOf(space.Smallest), CancellationToken.None).Top1Percent, LeastSmallest, 100);
        Assert.InRange(
            evaluator.Evaluate(space.PlanOf(space.Largest), CancellationToken.None).Top1Percent, LeastLargest, 100);
    }
}
