using HwNas.Native.Tests.Support;
using HwNas.Supernet.Data;
using HwNas.Supernet.Elastic;
using HwNas.Supernet.Evaluation;
using HwNas.Supernet.Training;
using static global::TorchSharp.torch;

namespace HwNas.Native.Tests.Supernet;

/// <summary>Tensors are counted for the whole process: these tests run while no others do.</summary>
[CollectionDefinition(nameof(LiveTensorTests), DisableParallelization = true)]
[Collection(nameof(LiveTensorTests))]
public sealed class LiveTensorTests
{
    [Fact]
    public void A_step_leaves_the_live_tensor_count_where_it_was()
    {
        var space = Some.TinySpace();
        var options = Some.Options(steps: 5) with { Recipe = Some.EveryPart };
        using var supernet = new ElasticSupernet(space, options.Seed);
        using var sandwich = new SandwichStep(supernet, options);
        var (largest, smallest) = (space.PlanOf(space.Largest), space.PlanOf(space.Smallest));
        var counts = new List<long>();
        for (var step = 0; step < 4; step++)
        {
            using (NewDisposeScope())
            {
                var (images, labels) = ImageBatches.Load(Some.Images(16), Enumerable.Range(0, 16).ToArray());
                sandwich.Run(images, labels, largest, [smallest], 0.01, step);
            }

            counts.Add(Collected());
        }

        // The first step makes gradients and momentum.
        Assert.Equal(counts[1], counts[2]);
        Assert.Equal(counts[2], counts[3]);
    }

    [Fact]
    public void Calibration_and_evaluation_leave_no_tensor_behind()
    {
        var space = Some.TinySpace();
        using var supernet = new ElasticSupernet(space, seed: 3);
        var images = Some.Images(128);
        var evaluator = new SupernetEvaluator(
            supernet, "x", images, images, new EvaluationOptions { CalibrationBatch = 32, CalibrationBatches = 2 });
        var plan = space.PlanOf(space.Largest);
        evaluator.Evaluate(plan, CancellationToken.None);
        var before = Collected();
        evaluator.Evaluate(plan, CancellationToken.None);
        Assert.Equal(before, Collected());
    }

    [Fact]
    public void A_backward_pass_keeps_no_gradients_between_its_layers()
    {
        Assert.Equal(AfterBackward(layers: 2), AfterBackward(layers: 12));

        static long AfterBackward(int layers)
        {
            using var scope = NewDisposeScope();
            var (weight, y) = (ones(4, 1, 5, 5).requires_grad_(), ChannelsLast.Copy(ones(2, 4, 4, 4)));
            for (var layer = 0; layer < layers; layer++)
                y = DepthwiseConvolution.Run(y, weight, kernel: 5, stride: 1);
            var loss = y.sum();
            var before = Collected();
            loss.backward();
            return Tensor.TotalCount - before;
        }
    }

    // Without what waits for a finalizer.
    private static long Collected()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return Tensor.TotalCount;
    }
}
