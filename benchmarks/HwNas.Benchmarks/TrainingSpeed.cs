using HwNas.Core.Spaces.MbConv;
using HwNas.Supernet.Elastic;
using HwNas.Supernet.Training;
using static TorchSharp.torch;

namespace HwNas.Benchmarks;

/// <summary>How fast sandwich steps are.</summary>
/// <param name="ImagesPerSecond">Images through the whole sandwich.</param>
/// <param name="ProcessorMsPerStep">Processor time of all threads.</param>
/// <param name="Parameters">Shared parameters of the supernet.</param>
internal sealed record TrainingSpeed(double ImagesPerSecond, double ProcessorMsPerStep, long Parameters)
{
    public static readonly TrainingOptions Options = new() { Recipe = new() { LearningRate = 0.05 } };

    /// <summary>The random subnets of so many steps.</summary>
    public static Architecture[] Subnets(MbConvSpace space, int steps)
    {
        var random = new Random(1);
        return
        [
            .. Enumerable.Range(0, Options.Recipe.RandomSubnets * steps)
                .Select(_ => space.Decode(space.Genomes.Sample(random))),
        ];
    }

    /// <summary>Steps that are not timed, until .NET has compiled what they need.</summary>
    public static void WarmUp(MbConvSpace space, int steps, TimeProvider time) =>
        Measure(space, Subnets(space, steps), threads: 1, warmupSteps: 0, time);

    /// <summary>Times the steps after the first ones, on random images.</summary>
    /// <param name="space">The search space.</param>
    /// <param name="subnets">The random subnets, one step's after the other's.</param>
    /// <param name="threads">Threads.</param>
    /// <param name="warmupSteps">Steps that are not timed.</param>
    /// <param name="time">The clock.</param>
    public static TrainingSpeed Measure(
        MbConvSpace space, Architecture[] subnets, int threads, int warmupSteps, TimeProvider time)
    {
        using var supernet = new ElasticSupernet(space, seed: 1);
        using var sandwich = new SandwichStep(supernet, Options with { Threads = threads });
        using var scope = NewDisposeScope();
        var (largest, smallest) = (space.PlanOf(space.Largest), space.PlanOf(space.Smallest));
        var images = empty([Options.BatchSize, 1, 28, 28]).normal_();
        var labels = tensor([.. Enumerable.Range(0, Options.BatchSize).Select(i => (long)(i % 10))]);
        var steps = subnets.Chunk(Options.Recipe.RandomSubnets).ToArray();
        var (started, processor) = (0L, TimeSpan.Zero);
        for (var step = 0; step < steps.Length; step++)
        {
            if (step == warmupSteps)
                (started, processor) = (time.GetTimestamp(), Environment.CpuUsage.TotalTime);
            using var stepScope = NewDisposeScope();
            sandwich.Run(
                images, labels, largest, [smallest, .. steps[step].Select(space.PlanOf)], Options.Recipe.LearningRate, step);
        }

        var timed = steps.Length - warmupSteps;
        return new TrainingSpeed(
            timed * Options.BatchSize / time.GetElapsedTime(started).TotalSeconds,
            (Environment.CpuUsage.TotalTime - processor).TotalMilliseconds / timed,
            supernet.Parameters.Values.Sum(parameter => parameter.NumberOfElements));
    }
}
