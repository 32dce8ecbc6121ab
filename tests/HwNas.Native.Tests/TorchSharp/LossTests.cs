using F = global::TorchSharp.torch.nn.functional;
using static global::TorchSharp.torch;
using static global::TorchSharp.torch.nn;

namespace HwNas.Native.Tests.TorchSharp;

/// <summary>Softmax and cross-entropy against their formulas.</summary>
public sealed class LossTests
{
    private const int Classes = 4;
    private static readonly Values Logits = Values.Random(7, 3, Classes);

    [Fact]
    public void Softmax() => OperatorCheck.Agree(t => F.softmax(t[0], 1), t => [.. LogSoftmax(t[0]).Select(Math.Exp)], Logits);

    [Fact]
    public void Log_softmax() => OperatorCheck.Agree(t => F.log_softmax(t[0], 1), t => LogSoftmax(t[0]), Logits);

    [Theory]
    [InlineData(0)]
    [InlineData(0.1)]
    public void Cross_entropy_with_label_smoothing(double smoothing) =>
        OperatorCheck.Agree(
            t => F.cross_entropy(t[0], tensor([2L, 0, 3]), label_smoothing: smoothing),
            t => [Losses(t[0], [2, 0, 3], smoothing).Average()],
            Logits);

    [Fact]
    public void Cross_entropy_reduces_as_told_and_skips_the_ignored_label()
    {
        using var scope = NewDisposeScope();
        var logits = tensor([.. Logits.Elements.Select(value => (float)value)], Logits.Shape);
        var losses = Losses(Logits.Elements, [2, 0, 3], 0);
        var labels = tensor([2L, 0, 3]);
        OperatorCheck.Near(losses, F.cross_entropy(logits, labels, reduction: Reduction.None).data<float>().ToArray(), "none");
        OperatorCheck.Near([losses.Sum()], F.cross_entropy(logits, labels, reduction: Reduction.Sum).data<float>().ToArray(), "sum");
        OperatorCheck.Near([(losses[0] + losses[2]) / 2], F.cross_entropy(logits, labels, ignore_index: 0).data<float>().ToArray(), "ignored");
    }

    [Fact]
    public void Cross_entropy_against_soft_labels_as_the_distillation_writes_it() =>
        OperatorCheck.Agree(
            t => (F.log_softmax(t[0], 1) * F.softmax(t[1], 1)).sum().mul(-1.0 / 3),
            t => [-LogSoftmax(t[0]).Zip(LogSoftmax(t[1]), (log, other) => log * Math.Exp(other)).Sum() / 3],
            Logits, Values.Random(8, 3, Classes));

    private static double[] LogSoftmax(double[] logits) =>
        [.. logits.Chunk(Classes).SelectMany(row => row.Select(x => x - Math.Log(row.Sum(Math.Exp))))];

    private static double[] Losses(double[] logits, int[] labels, double smoothing) =>
        [.. LogSoftmax(logits).Chunk(Classes).Select((row, i) => -((1 - smoothing) * row[labels[i]]) - (smoothing * row.Average()))];
}
