using HwNas.Core;
using HwNas.Core.Data;
using HwNas.Core.Files;
using HwNas.Core.Graphs;
using HwNas.Core.Search;
using HwNas.Supernet.Data;
using HwNas.Supernet.Elastic;
using HwNas.Supernet.Torch;
using static TorchSharp.torch;

namespace HwNas.Supernet.Evaluation;

/// <summary>
/// Measures subnets with the weights that they inherit: calibrated on training images, judged on a held-out split.
/// </summary>
public sealed class SupernetEvaluator : IAccuracyEvaluator
{
    // Changes whenever the same weights and images get other figures, so that older ones are not mixed with new ones.
    private const string Method = "checked convolutions";

    private readonly ElasticSupernet _supernet;
    private readonly ImageBatches _calibration;
    private readonly ImageBatches _judged;
    private readonly int _threads;
    private readonly Lazy<string> _fingerprint;

    /// <summary>Creates an evaluator.</summary>
    /// <param name="supernet">The trained supernet.</param>
    /// <param name="weightsHash">Hash of the checkpoint that it was read from.</param>
    /// <param name="calibration">Training images on which batch-norm statistics are recomputed.</param>
    /// <param name="judged">The split on which accuracy is measured.</param>
    /// <param name="options">Numbers of images.</param>
    public SupernetEvaluator(
        ElasticSupernet supernet, string weightsHash, LabelledImages calibration, LabelledImages judged,
        EvaluationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(judged);
        ArgumentNullException.ThrowIfNull(supernet);
        _threads = supernet.Device.Threads(options.Threads);
        _supernet = supernet;
        _calibration = CalibrationOn(calibration, options, supernet.Device);
        if (_calibration.Count < (long)options.CalibrationBatch * options.CalibrationBatches)
        {
            Notice = $"Calibration takes {_calibration.Count} images in "
                + $"{Plural.Of(_calibration.Batches, "batch", "batches")} instead of "
                + $"{options.CalibrationBatches} of "
                + $"{options.CalibrationBatch}: {calibration.Name} has {calibration.Count}.";
        }

        _judged = new ImageBatches(judged, options.EvaluationBatch, Math.Min(judged.Count, options.MaxImages), supernet.Device);
        _fingerprint = new Lazy<string>(() => FingerprintOf(weightsHash, calibration, judged, options));
    }

    /// <summary>In what the evaluator departs from its options, readable; null where it does not.</summary>
    public string? Notice { get; }

    /// <inheritdoc/>
    public string Fingerprint => _fingerprint.Value;

    /// <summary>
    /// The fingerprint of such an evaluator: of weights, of the images and labels of both splits, and of how they are used.
    /// </summary>
    public static string FingerprintOf(
        string weightsHash, LabelledImages calibration, LabelledImages judged, EvaluationOptions options)
    {
        ArgumentNullException.ThrowIfNull(calibration);
        ArgumentNullException.ThrowIfNull(judged);
        ArgumentNullException.ThrowIfNull(options);
        return ContentHash.OfText(
            $"{weightsHash} {calibration.Hash} {judged.Hash} {calibration.Normalisation} {judged.Normalisation} "
            + $"{options with { Threads = 1 }} {Method}");
    }

    /// <summary>The subnet, calibrated.</summary>
    public CalibratedSubnet Calibrate(NetworkPlan plan) => CalibratedSubnet.Create(_supernet, plan, _calibration, _threads);

    /// <inheritdoc/>
    public AccuracyEstimate Evaluate(NetworkPlan plan, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(plan);
        using var subnet = Calibrate(plan);
        return Evaluate(subnet, cancellation);
    }

    /// <summary>Measures a subnet that is calibrated already.</summary>
    public AccuracyEstimate Evaluate(CalibratedSubnet subnet, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(subnet);
        using var noGradient = no_grad();
        var right = SideBySide.Run(
            _threads,
            [.. Enumerable.Range(0, _judged.Batches).Select(batch => (Func<long>)(() => Right(subnet, batch, cancellation)))])
            .Sum();
        var share = (double)right / _judged.Count;
        return new AccuracyEstimate(100 * share, 100 * Math.Sqrt(share * (1 - share) / _judged.Count));
    }

    // As many whole batches as there are images for: statistics of a smaller one would weigh as much as those of the others.
    private static ImageBatches CalibrationOn(LabelledImages images, EvaluationOptions options, TorchDevice device)
    {
        var batch = Math.Min(options.CalibrationBatch, images.Count);
        return new ImageBatches(images, batch, batch * Math.Min(options.CalibrationBatches, images.Count / batch), device);
    }

    private long Right(CalibratedSubnet subnet, int batch, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using var scope = NewDisposeScope();
        var (images, labels) = _judged.Batch(batch, subnet.Plan.Input.Height);
        var logits = subnet.Forward(images);
        return logits.isfinite().all().item<bool>()
            ? logits.argmax(1).eq(labels).sum().item<long>()
            : throw new Core.InputException(
                $"The subnet '{subnet.Plan.Id}' gives outputs that are no numbers (NaN or infinity): the supernet's training "
                + "diverged. Train anew with 'hwnas train', into another folder (--out) and with a smaller --learning-rate.");
    }
}
