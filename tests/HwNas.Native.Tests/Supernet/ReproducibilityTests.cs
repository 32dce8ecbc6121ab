using HwNas.Native.Tests.Support;
using HwNas.Supernet.Data;
using HwNas.Supernet.Elastic;
using HwNas.Supernet.Training;
using static global::TorchSharp.torch;

namespace HwNas.Native.Tests.Supernet;

/// <summary>The default generator belongs to the whole process: these tests run while no others do.</summary>
[CollectionDefinition(nameof(ReproducibilityTests), DisableParallelization = true)]
[Collection(nameof(ReproducibilityTests))]
public sealed class ReproducibilityTests
{
    [Fact]
    public void One_thread_gives_the_same_training_bit_for_bit()
    {
        var space = Some.TinySpace();
        var options = Some.Options(steps: 5) with { Dropout = 0.2 };
        var (largest, smallest) = (space.PlanOf(space.Largest), space.PlanOf(space.Smallest));

        float[][] Train()
        {
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
