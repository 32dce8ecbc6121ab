using HwNas.Core.Data;
using HwNas.Core.Spaces;
using HwNas.Supernet.Data;
using HwNas.Supernet.Elastic;
using HwNas.Supernet.Torch;
using HwNas.Supernet.Training.Recipes;
using static TorchSharp.torch;

namespace HwNas.Supernet.Training;

/// <summary>How fast this machine trains: tried, for it differs by a factor of ten from machine to machine.</summary>
public static class TrainingPace
{
    // Until .NET has compiled what the steps need, and every convolution of the largest and smallest subnets was tried; fewer
    // where they take so long that this hardly matters.
    private const int WarmupSteps = 8;

    /// <summary>Images through whole sandwich steps per second, with weights that are thrown away.</summary>
    /// <param name="space">The search space.</param>
    /// <param name="images">The training images.</param>
    /// <param name="options">How they would be trained on.</param>
    /// <param name="device">Where.</param>
    /// <param name="duration">How long to try, after some steps to warm up, at most as long; at least a step of each.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Ends it.</param>
    public static double ImagesPerSecond(
        ISearchSpace space, LabelledImages images, TrainingOptions options, TorchDevice device, TimeSpan duration,
        TimeProvider time, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(time);
        using var supernet = new ElasticSupernet(space, options.Seed, device: device);
        using var sandwich = new SandwichStep(supernet, options);
        var (largest, smallest) = (space.PlanOf(space.Largest), space.PlanOf(space.Smallest));
        var random = new Random(options.Seed);
        var indices = new int[Math.Min(options.BatchSize, images.Count)];
        var (steps, started) = (0, time.GetTimestamp());
        do
            Step();
        while (steps < WarmupSteps && time.GetElapsedTime(started) < duration);

        var warm = steps;
        started = time.GetTimestamp();
        do
            Step();
        while (time.GetElapsedTime(started) < duration);

        return (steps - warm) * indices.Length / time.GetElapsedTime(started).TotalSeconds;

        void Step()
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            foreach (ref var index in indices.AsSpan())
                index = random.Next(images.Count);
            var (batch, labels) = ImageBatches.Load(images, indices, options.Recipe.Augmentation, steps, cancellation);
            var others = Enumerable.Range(0, options.Recipe.RandomSubnets)
                .Select(_ => space.PlanOf(space.Genomes.Sample(random)));
            sandwich.Run(
                device.Take(batch), device.Take(labels), largest, [smallest, .. others],
                LearningRateSchedule.At(options, steps), seed: steps);
            steps++;
        }
    }
}
