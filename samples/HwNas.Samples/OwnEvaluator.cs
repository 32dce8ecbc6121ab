using HwNas.Core.Data;
using HwNas.Core.Files;
using HwNas.Core.Graphs;
using HwNas.Core.Search;
using HwNas.Supernet.Evaluation;
using HwNas.Supernet.Training;

namespace HwNas.Samples;

/// <summary>Another idea of accuracy: that of the class which a subnet knows worst.</summary>
internal sealed class OwnEvaluator(SupernetEvaluator calibrating, LabelledImages judged) : IAccuracyEvaluator
{
    public string Fingerprint { get; } = ContentHash.OfText($"worst class {calibrating.Fingerprint} {judged.Hash}");

    /// <summary>Calibrated subnets do not know of each other: two threads may judge one each.</summary>
    public int InFlight => 2;

    public static void Run(string folder)
    {
        var data = new NasRun(folder).Data();
        var checkpoint = SupernetCheckpoint.Read(new RunFolder(folder).Checkpoint);
        using var supernet = checkpoint.CreateSupernet();
        var calibrating = new SupernetEvaluator(
            supernet, checkpoint.Hash, data.Training, data.Validation,
            new EvaluationOptions { CalibrationBatch = checkpoint.Options.BatchSize });
        var run = new NasRun(folder) { Evaluator = new OwnEvaluator(calibrating, data.Validation) };
        var front = run.Search(new SearchRequest { Options = SearchOptions.Of(evaluations: 4) });

        Console.WriteLine($"the worst class of the best subnet: {front.Front().Max(subnet => subnet.Top1Percent):F2} %");
    }

    public AccuracyEstimate Evaluate(NetworkPlan plan, CancellationToken cancellation)
    {
        using var subnet = calibrating.Calibrate(plan);
        var classes = subnet.Logits(judged, judged.Count)
            .Chunk(plan.Classes)
            .Select(logits => Array.IndexOf(logits, logits.Max()));
        var worst = classes.Zip(judged.Labels)
            .GroupBy(pair => pair.Second, pair => pair.First == pair.Second)
            .Select(right => (Share: right.Average(isRight => isRight ? 1.0 : 0), Images: right.Count()))
            .MinBy(known => known.Share);
        return new AccuracyEstimate(100 * worst.Share, 100 * Math.Sqrt(worst.Share * (1 - worst.Share) / worst.Images));
    }
}
