using HwNas.Supernet.Data;
using static global::TorchSharp.torch;

namespace HwNas.Native.Tests.Data;

public sealed class BatchMixingTests
{
    [Fact]
    public void A_batch_that_is_not_to_be_mixed_stays_as_it_is()
    {
        using var scope = NewDisposeScope();
        var (images, labels) = Batch();
        var mixed = BatchMixing.Mix(images, labels, new Augmentation(), new Random(1));
        Assert.Equal((images, labels, labels, 1.0), (mixed.Images, mixed.Labels, mixed.OtherLabels, mixed.Weight));
    }

    [Fact]
    public void Mixup_weighs_each_image_with_one_of_the_other_end()
    {
        using var scope = NewDisposeScope();
        var (images, labels) = Batch();
        var before = images.data<float>().ToArray();
        var weights = new List<double>();
        foreach (var seed in Enumerable.Range(0, 200))
        {
            var mixed = BatchMixing.Mix(images, labels, new Augmentation { MixupAlpha = 0.4 }, new Random(Seeds.Of(2, seed)));
            weights.Add(mixed.Weight);
            Assert.Equal([0, 1, 2, 3], mixed.Labels.data<long>().ToArray());
            Assert.Equal([3, 2, 1, 0], mixed.OtherLabels.data<long>().ToArray());
            var values = mixed.Images.data<float>().ToArray();
            for (var i = 0; i < values.Length; i++)
            {
                var other = before[((3 - (i / 60)) * 60) + (i % 60)];
                Assert.Equal((mixed.Weight * before[i]) + ((1 - mixed.Weight) * other), values[i], 1e-4);
            }
        }

        Assert.Equal(before, images.data<float>().ToArray());

        // Beta(0.4, 0.4): mean 1/2, variance 1 / (4 (2 × 0.4 + 1)) = 0.139.
        Assert.InRange(weights.Average(), 0.42, 0.58);
        Assert.InRange(weights.Average(weight => (weight - 0.5) * (weight - 0.5)), 0.11, 0.17);
    }

    [Fact]
    public void Cut_mix_puts_in_a_rectangle_and_weighs_by_its_area()
    {
        using var scope = NewDisposeScope();
        var (images, labels) = Batch();
        var before = images.data<float>().ToArray();
        var weights = new List<double>();
        foreach (var seed in Enumerable.Range(0, 200))
        {
            var mixed = BatchMixing.Mix(images, labels, new Augmentation { CutMixAlpha = 1 }, new Random(Seeds.Of(2, seed)));
            var values = mixed.Images.data<float>().ToArray();
            var places = Enumerable.Range(0, 60).Where(i => values[i] != before[i]).ToList();
            weights.Add(mixed.Weight);
            Assert.Equal(1 - (places.Count / 60.0), mixed.Weight, 1e-9);
            foreach (var i in Enumerable.Range(0, values.Length))
                Assert.Equal(places.Contains(i % 60) ? before[((3 - (i / 60)) * 60) + (i % 60)] : before[i], values[i]);
            if (places.Count > 0)
            {
                int height = (places[^1] / 10) - (places[0] / 10) + 1, width = (places[^1] % 10) - (places[0] % 10) + 1;
                Assert.Equal(places.Count, height * width);
            }
        }

        Assert.Equal(before, images.data<float>().ToArray());
        Assert.InRange(weights.Average(), 0.5, 0.85);
        Assert.True(weights.Min() < 0.6 && weights.Max() == 1);
    }

    [Fact]
    public void Both_take_turns_at_random()
    {
        using var scope = NewDisposeScope();
        var (images, labels) = Batch();
        var augmentation = new Augmentation { MixupAlpha = 1, CutMixAlpha = 1 };
        var cut = Enumerable.Range(0, 200).Count(seed =>
        {
            var mixed = BatchMixing.Mix(images, labels, augmentation, new Random(Seeds.Of(1, seed)));
            return mixed.Images.data<float>().ToArray().All(value => value == MathF.Round(value));
        });
        Assert.InRange(cut, 70, 130);
    }

    // Four images of 6 × 10 whose values are whole numbers, all different.
    private static (Tensor Images, Tensor Labels) Batch() =>
        (arange(240, dtype: float32).reshape(4, 1, 6, 10), arange(4, dtype: int64));
}
