using HwNas.Core;
using HwNas.Core.Data;
using HwNas.Core.Spaces;
using HwNas.Onnx.Export;
using HwNas.Onnx.Runtime;
using HwNas.Supernet.Training;

namespace HwNas;

/// <summary>The supernet's own outputs, against which exported models are compared.</summary>
internal sealed class SupernetReference : IDisposable
{
    private readonly SupernetCheckpoint _checkpoint;
    private readonly RunEvaluator _evaluator;

    public SupernetReference(NasRun run, CancellationToken cancellation)
    {
        _checkpoint = run.ReadCheckpoint();
        _evaluator = run.Evaluate(_checkpoint, cancellation);
    }

    /// <summary>Compares a model's outputs on the first images with the supernet's.</summary>
    /// <exception cref="InputException">The model comes from another supernet.</exception>
    public ModelAgreement Compare(ModelCard card, float[] logits, LabelledImages images)
    {
        if (card.Supernet.Hash != _checkpoint.Hash)
            throw new InputException($"The model '{card.Model.Name}' was not exported from the supernet '{_checkpoint.Path}'.");
        using var subnet = _evaluator.Calibrate(_checkpoint.Space.PlanOf(card.Architecture));
        var count = Math.Min(Verification.AgreementImages, images.Count);
        var classes = card.Classes.Length;
        var own = subnet.Logits(images, count);
        if (card.Form.Output == ModelOutput.Probabilities)
            own = [.. own.Chunk(classes).SelectMany(OnnxClassifier.Softmax)];
        var same = OnnxClassifier.Classes(own, classes)
            .Zip(OnnxClassifier.Classes(logits.AsSpan(0, own.Length), classes))
            .Count(pair => pair.First == pair.Second);
        return new ModelAgreement(
            count, 100.0 * same / count, own.Index().Max(value => Math.Abs(value.Item - logits[value.Index])));
    }

    public void Dispose() => _evaluator.Dispose();
}
