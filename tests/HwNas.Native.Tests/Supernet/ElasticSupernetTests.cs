using HwNas.Core.Data;
using HwNas.Core.Spaces.MbConv;
using HwNas.Native.Tests.Support;
using HwNas.Supernet.Data;
using HwNas.Supernet.Elastic;
using HwNas.Supernet.Evaluation;
using static global::TorchSharp.torch;

namespace HwNas.Native.Tests.Supernet;

public sealed class ElasticSupernetTests
{
    [Fact]
    public void Every_architecture_of_a_space_runs_and_gives_finite_logits()
    {
        foreach (var rule in Enum.GetValues<ShortcutRule>())
        {
            var space = Some.TinySpace(rule);
            using var supernet = new ElasticSupernet(space, seed: 3);
            var random = new Random(5);
            foreach (var genome in Enumerable.Range(0, 40).Select(_ => space.Genomes.Sample(random)))
            {
                using var scope = NewDisposeScope();
                var plan = space.PlanOf(genome);
                var (images, _) = new ImageBatches(Some.Images(4), 4).Batch(0, plan.Input.Height);
                var logits = supernet.Forward(images, plan);
                Assert.Equal([4, 10], logits.shape);
                Assert.All(logits.data<float>().ToArray(), value => Assert.True(float.IsFinite(value)));
            }
        }
    }

    [Fact]
    public void A_subnet_takes_leading_channels_and_the_centre_of_kernels()
    {
        var space = Some.TinySpace();
        using var supernet = new ElasticSupernet(space, seed: 3);
        var smallest = space.PlanOf(space.Smallest).Blocks[^2].Find("depthwise")!;
        var shared = supernet.Parameters[smallest.WeightName("weight")];
        using var slice = supernet.Weights.Slice(smallest).Weight;
        var (all, part) = (shared.data<float>().ToArray(), slice.contiguous().data<float>().ToArray());
        Assert.Equal(5, shared.shape[3]);
        Assert.Equal([smallest.Output.Channels, 1, 3, 3], slice.shape);
        for (var channel = 0; channel < smallest.Output.Channels; channel++)
        {
            for (var i = 0; i < 9; i++)
                Assert.Equal(all[(channel * 25) + ((1 + (i / 3)) * 5) + 1 + (i % 3)], part[(channel * 9) + i]);
        }
    }

    [Fact]
    public void Blocks_with_a_shortcut_in_every_subnet_start_as_the_identity()
    {
        var space = Some.TinySpace();
        using var supernet = new ElasticSupernet(space, seed: 3);
        Assert.All(supernet.Parameters["mb1.1.project.bn.weight"].data<float>().ToArray(), gamma => Assert.Equal(0, gamma));
        Assert.All(supernet.Parameters["mb1.0.project.bn.weight"].data<float>().ToArray(), gamma => Assert.Equal(1, gamma));
    }

    [Fact]
    public void The_same_seed_gives_the_same_weights_and_another_seed_others()
    {
        float[] Weights(int seed)
        {
            using var supernet = new ElasticSupernet(Some.TinySpace(), seed);
            return supernet.Parameters["stem.conv.weight"].data<float>().ToArray();
        }

        Assert.Equal(Weights(1), Weights(1));
        Assert.NotEqual(Weights(1), Weights(2));
    }

    [Fact]
    public void Tensor_resizing_and_managed_resizing_agree()
    {
        var pixels = new byte[3 * 3 * 28 * 19];
        new Random(4).NextBytes(pixels);
        foreach (var images in new[]
        {
            Some.Images(3),
            new LabelledImages("colour", new ImageShape(3, 28, 19), [0, 1, 2], pixels)
                .With(new Normalisation([0.1, 0.5, 0.4], [0.2, 0.3, 0.1])),
        })
        {
            using var scope = NewDisposeScope();
            var tensors = new ImageBatches(images, 3).Batch(0, 20).Images.contiguous().data<float>().ToArray();
            foreach (var (managed, tensor) in new NetworkInputs(images, 20).Read(0, 3).Zip(tensors))
                Assert.Equal(managed, tensor, 2e-4f);
        }
    }

    [Fact]
    public void Calibrated_statistics_make_a_subnet_agree_with_training_mode_on_the_calibration_batch()
    {
        var space = Some.TinySpace();
        using var supernet = new ElasticSupernet(space, seed: 3);
        var plan = space.PlanOf(space.Largest);
        var batches = new ImageBatches(Some.Images(256), 256);
        using var subnet = CalibratedSubnet.Create(supernet, plan, batches);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var images = batches.Batch(0, plan.Input.Height).Images;
        var (trained, calibrated) = (
            supernet.Forward(images, plan).data<float>().ToArray(), subnet.Forward(images).data<float>().ToArray());

        // One calibration batch: the same mean, and the variance unbiased instead of biased.
        for (var i = 0; i < trained.Length; i++)
            Assert.Equal(trained[i], calibrated[i], 2e-4f + (2e-2f * Math.Abs(calibrated[i])));
    }

    [Fact]
    public void Threads_change_neither_statistics_nor_accuracy()
    {
        var space = Some.TinySpace();
        using var supernet = new ElasticSupernet(space, seed: 3);
        var plan = space.PlanOf(space.Largest);
        var images = Some.Images(300);
        using CalibratedSubnet one = Calibrated(1), two = Calibrated(2);
        foreach (var name in new[] { "stem.conv.bn.mean", "stem.conv.bn.variance", "head.conv.bn.mean" })
            Assert.Equal(one.Weights[name].Values, two.Weights[name].Values);

        CalibratedSubnet Calibrated(int threads) =>
            CalibratedSubnet.Create(supernet, plan, new ImageBatches(images, 64), threads);
    }
}
