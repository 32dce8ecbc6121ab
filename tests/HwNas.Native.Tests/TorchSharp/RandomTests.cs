using HwNas.Core.Networks;
using HwNas.Native.Tests.Support;
using HwNas.Supernet.Data;
using HwNas.Supernet.Elastic;
using HwNas.Supernet.Training;
using F = global::TorchSharp.torch.nn.functional;
using static global::TorchSharp.torch;

namespace HwNas.Native.Tests.TorchSharp;

/// <summary>The default generator belongs to the whole process: these tests run while no others do.</summary>
[CollectionDefinition(nameof(RandomTests), DisableParallelization = true)]
[Collection(nameof(RandomTests))]
public sealed class RandomTests
{
    [Fact]
    public void A_generator_of_the_same_seed_gives_the_same_numbers_whatever_others_draw()
    {
        using var scope = NewDisposeScope();
        using Generator first = new(7), second = new(7), other = new(8);
        float[] Draw(Generator generator) => empty([50]).normal_(1, 2, generator).data<float>().ToArray();

        var expected = Draw(first);
        Draw(other);
        Assert.Equal(expected, Draw(second));
        Assert.NotEqual(expected, Draw(second));
        Assert.NotEqual(expected, Draw(other));
    }

    [Fact]
    public void Normal_numbers_have_the_given_mean_and_deviation()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(5);
        var values = empty([40_000]).normal_(3, 0.5, generator).data<float>().ToArray();
        var mean = values.Average();
        Assert.Equal(3, mean, 0.02);
        Assert.Equal(0.5, Math.Sqrt(values.Average(x => (x - mean) * (x - mean))), 0.02);
    }

    [Fact]
    public void A_disposed_generator_is_refused()
    {
        using var scope = NewDisposeScope();
        var generator = new Generator(5);
        generator.Dispose();
        generator.Dispose();
        Assert.Throws<ObjectDisposedException>(() => empty([2]).normal_(0, 1, generator));
    }

    [Fact]
    public void Dropout_keeps_the_expectation_zeroes_the_rest_and_follows_the_seed()
    {
        using var scope = NewDisposeScope();
        float[] Dropped(long seed)
        {
            using var generator = manual_seed(seed);
            return F.dropout(ones(100_000), 0.25).data<float>().ToArray();
        }

        var values = Dropped(3);
        Assert.All(values, value => Assert.True(value == 0 || Math.Abs(value - (1 / 0.75f)) < 1e-6));
        Assert.InRange(values.Count(value => value == 0), 24_000, 26_000);
        Assert.Equal(values, Dropped(3));
        Assert.NotEqual(values, Dropped(4));
    }

    [Fact]
    public void One_thread_gives_the_same_training_bit_for_bit()
    {
        var space = Some.TinySpace();
        var options = Some.Options(steps: 5) with { Dropout = 0.2 };
        var (largest, smallest) = (NetworkPlan.Build(space, space.Largest), NetworkPlan.Build(space, space.Smallest));

        float[][] Train()
        {
            set_num_threads(1);
            using var supernet = new ElasticSupernet(space, options.Seed);
            using var sandwich = new SandwichStep(supernet, options);
            for (var step = 0; step < 5; step++)
            {
                using var scope = NewDisposeScope();
                var (images, labels) = ImageBatches.Load(Some.Images(16), [.. Enumerable.Range(0, 16)], null);
                using var generator = manual_seed(step);
                sandwich.Run(images, labels, largest, [smallest], 0.05);
            }

            return [.. supernet.Parameters.Values.Select(parameter => parameter.data<float>().ToArray())];
        }

        Assert.Equal(Train(), Train());
    }
}
