using HwNas.Core.Search;
using HwNas.Supernet.Data;
using HwNas.Supernet.Elastic;
using HwNas.Supernet.Evaluation;
using HwNas.Supernet.Training;

namespace HwNas.Cli.Runs;

/// <summary>
/// How every verb calibrates and judges the subnets of a run: on training images in batches of the training's size, and
/// on validation images.
/// </summary>
internal static class RunEvaluator
{
    /// <summary>The options; the fingerprint of figures depends on them.</summary>
    public static EvaluationOptions Options(SupernetCheckpoint checkpoint, int threads) =>
        new() { CalibrationBatch = checkpoint.Options.BatchSize, Threads = threads };

    /// <summary>Opens what the run has evaluated on these images.</summary>
    public static EvaluationStore OpenStore(
        CommandContext context, RunFolder folder, SupernetCheckpoint checkpoint, DataSplits data, int threads) =>
        EvaluationStore.Open(
            folder.Evaluations,
            SupernetEvaluator.FingerprintOf(checkpoint.Hash, data.Training, data.Validation, Options(checkpoint, threads)),
            checkpoint.Space.Genomes, context.Time);

    /// <summary>Creates the evaluator, and says in what it departs from its options.</summary>
    public static SupernetEvaluator Create(
        CommandContext context, ElasticSupernet supernet, SupernetCheckpoint checkpoint, DataSplits data, int threads)
    {
        var evaluator = new SupernetEvaluator(
            supernet, checkpoint.Hash, data.Training, data.Validation, Options(checkpoint, threads));
        if (evaluator.Notice is { } notice)
            context.Error.WriteLine(notice);
        return evaluator;
    }
}
