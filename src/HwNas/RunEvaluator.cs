using HwNas.Core.Graphs;
using HwNas.Core.Search;
using HwNas.Supernet.Data;
using HwNas.Supernet.Elastic;
using HwNas.Supernet.Evaluation;
using HwNas.Supernet.Training;

namespace HwNas;

/// <summary>
/// How all verbs calibrate and judge the subnets of a run: on training images in batches of the training's size, and on
/// validation images; or by the user's own evaluator. The supernet is made when the first subnet is calibrated.
/// </summary>
internal sealed class RunEvaluator : IAccuracyEvaluator, IDisposable
{
    private readonly NasRun _run;
    private readonly SupernetCheckpoint _checkpoint;
    private readonly DataSplits _data;
    private readonly EvaluationOptions _options;
    private readonly Lock _making = new();
    private ElasticSupernet? _supernet;
    private SupernetEvaluator? _evaluator;

    public RunEvaluator(NasRun run, SupernetCheckpoint checkpoint, DataSplits data)
    {
        (_run, _checkpoint, _data) = (run, checkpoint, data);
        _options = new EvaluationOptions { CalibrationBatch = checkpoint.Options.BatchSize, Threads = run.Threads };
    }

    public string Fingerprint =>
        _run.Evaluator?.Fingerprint
        ?? SupernetEvaluator.FingerprintOf(_checkpoint.Hash, _data.Training, _data.Validation, _options);

    public int InFlight => _run.Evaluator?.InFlight ?? 1;

    public AccuracyEstimate Evaluate(NetworkPlan plan, CancellationToken cancellation) =>
        _run.Evaluator is { } own ? own.Evaluate(plan, cancellation) : OfSupernet().Evaluate(plan, cancellation);

    /// <summary>The subnet, calibrated.</summary>
    public CalibratedSubnet Calibrate(NetworkPlan plan) => OfSupernet().Calibrate(plan);

    /// <summary>The evaluator as a search takes it.</summary>
    public GenomeEvaluation OfGenomes() => GenomeEvaluations.Of(this, _checkpoint.Space);

    /// <summary>Opens what the run has evaluated in this way.</summary>
    public EvaluationStore OpenStore() =>
        EvaluationStore.Open(_run.Folder.Evaluations, Fingerprint, _checkpoint.Space.Genomes, _run.Context.Time);

    public void Dispose() => _supernet?.Dispose();

    private SupernetEvaluator OfSupernet()
    {
        lock (_making)
        {
            if (_evaluator is null)
            {
                _supernet = _checkpoint.CreateSupernet(_run.TorchDevice);
                _evaluator = new SupernetEvaluator(_supernet, _checkpoint.Hash, _data.Training, _data.Validation, _options);
                if (_evaluator.Notice is { } notice)
                    _run.Context.Notice(notice);
            }

            return _evaluator;
        }
    }
}
