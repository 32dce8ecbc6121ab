using HwNas.Core;
using HwNas.Core.Data;
using HwNas.Native.Tests.Support;
using HwNas.Supernet.Elastic;
using HwNas.Supernet.Evaluation;

namespace HwNas.Native.Tests.Supernet;

public sealed class SupernetEvaluatorTests
{
    [Theory]
    [InlineData(40, 4096, 40, 1)]
    [InlineData(40, 16, 32, 2)]
    [InlineData(33, 16, 32, 2)]
    public void Calibration_takes_the_whole_batches_that_there_are_and_says_so(int images, int batch, int taken, int batches)
    {
        var space = Some.TinySpace();
        using var supernet = new ElasticSupernet(space, seed: 1);
        var evaluator = new SupernetEvaluator(
            supernet, "x", Some.Images(images), Some.Images(20), new EvaluationOptions { CalibrationBatch = batch });
        Assert.Contains(
            $"takes {taken} images in {batches} {(batches == 1 ? "batch" : "batches")} instead of 24 of {batch}",
            evaluator.Notice, StringComparison.Ordinal);
        var accuracy = evaluator.Evaluate(space.PlanOf(space.Largest), CancellationToken.None);
        Assert.InRange(accuracy.Top1Percent, 0, 100);
    }

    [Fact]
    public void Outputs_that_are_no_numbers_are_no_accuracy()
    {
        var space = Some.TinySpace();
        using var supernet = new ElasticSupernet(space, seed: 1);
        using (global::TorchSharp.torch.no_grad())
            supernet.Parameters["head.classifier.weight"].fill_(3e38f);
        var evaluator = new SupernetEvaluator(
            supernet, "x", Some.Images(40), Some.Images(20), new EvaluationOptions { CalibrationBatch = 16 });
        var error = Assert.Throws<InputException>(() => evaluator.Evaluate(space.PlanOf(space.Largest), CancellationToken.None));
        Assert.Contains("outputs that are no numbers", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Enough_images_need_no_word()
    {
        using var supernet = new ElasticSupernet(Some.TinySpace(), seed: 1);
        Assert.Null(new SupernetEvaluator(
            supernet, "x", Some.Images(24 * 4), Some.Images(20), new EvaluationOptions { CalibrationBatch = 4 }).Notice);
    }

    [Fact]
    public void The_fingerprint_is_of_pixels_labels_and_normalisation_of_both_splits()
    {
        var (training, judged) = (Some.Images(8), Some.Images(4, seed: 2));
        string Of(LabelledImages calibration, LabelledImages validation) =>
            SupernetEvaluator.FingerprintOf("weights", calibration, validation, new EvaluationOptions());
        string[] different =
        [
            Of(training, judged), Of(Some.Images(8, seed: 3), judged), Of(training, Some.Images(4, seed: 3)),
            Of(Relabelled(training), judged),
            Of(training, Relabelled(judged)),
            Of(training.With(new Normalisation([0], [1])), judged),
        ];
        Assert.Equal(different.Length, different.Distinct().Count());
        Assert.Equal(Of(training, judged), Of(Some.Images(8), Some.Images(4, seed: 2)));

        static LabelledImages Relabelled(LabelledImages images)
        {
            var pixels = new byte[images.Count * images.Shape.Bytes];
            for (var image = 0; image < images.Count; image++)
                images.Read(image, pixels.AsSpan(image * images.Shape.Bytes, images.Shape.Bytes));
            return new LabelledImages(images.Name, images.Shape, [.. images.Labels.Select(label => 9 - label)], pixels)
                .With(images.Normalisation);
        }
    }
}
