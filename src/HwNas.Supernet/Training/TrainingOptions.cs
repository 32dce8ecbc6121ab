using HwNas.Core;

namespace HwNas.Supernet.Training;

/// <summary>How a supernet is trained; the whole of it is kept in the checkpoint.</summary>
public sealed record TrainingOptions
{
    /// <summary>Decides the weights, the order of the images and the sampled subnets. Default 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Images in a step. Default 64; 2 to 65,536.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>Optimizer steps in all. Default 4,000.</summary>
    public int Steps { get; init; } = 4000;

    /// <summary>Random subnets in a step, beside the largest and the smallest (BigNAS: 2). Default 2; 0 to 16.</summary>
    public int RandomSubnets { get; init; } = 2;

    /// <summary>Learning rate after the warm-up (SGD with Nesterov momentum). Default 0.2.</summary>
    public double LearningRate { get; init; } = 0.2;

    /// <summary>Momentum. Default 0.9.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>Steps in which the learning rate rises linearly. Default 100.</summary>
    public int WarmupSteps { get; init; } = 100;

    /// <summary>
    /// Share of the steps after which the exponentially falling learning rate reaches
    /// <see cref="EndingFraction"/> and stays (BigNAS section 3.1, "exponential decay with constant ending"). Default 0.9.
    /// </summary>
    public double DecayShare { get; init; } = 0.9;

    /// <summary>The constant ending, as a fraction of <see cref="LearningRate"/> (BigNAS: 5 %). Default 0.05.</summary>
    public double EndingFraction { get; init; } = 0.05;

    /// <summary>
    /// Weight decay of convolution and linear weights, on the largest subnet only (BigNAS section 3.1). Default 1e-5.
    /// </summary>
    public double WeightDecay { get; init; } = 1e-5;

    /// <summary>Dropout before the classifier, on the largest subnet only (BigNAS section 3.1). Default 0.</summary>
    public double Dropout { get; init; }

    /// <summary>Label smoothing of the largest subnet's loss. Default 0.1.</summary>
    public double LabelSmoothing { get; init; } = 0.1;

    /// <summary>Whether training images are mirrored at random. Default true.</summary>
    public bool Flip { get; init; } = true;

    /// <summary>
    /// Threads that take subnets side by side. Up to one for each subnet of the sandwich, they have no influence on the result.
    /// Default 2.
    /// </summary>
    public int Threads { get; init; } = 2;

    /// <summary>Steps between two checkpoints. Default 200.</summary>
    public int CheckpointSteps { get; init; } = 200;

    /// <summary>Checks all values.</summary>
    /// <exception cref="InputException">Values are out of range; the message lists all of them.</exception>
    public void Validate()
    {
        var problems = new List<string>();
        Check(BatchSize is >= 2 and <= 65_536, $"batch size {BatchSize} is not in 2..65536");
        Check(Steps is >= 1 and <= 100_000_000, $"{Steps} steps are not in 1..100000000");
        Check(RandomSubnets is >= 0 and <= 16, $"{RandomSubnets} random subnets are not in 0..16");
        Check(LearningRate is > 0 and <= 100, $"learning rate {LearningRate} is not in 0..100");
        Check(Momentum is > 0 and < 1, $"momentum {Momentum} is not between 0 and 1");
        Check(WarmupSteps >= 0, $"{WarmupSteps} warm-up steps are negative");
        Check(DecayShare is > 0 and <= 1, $"decay share {DecayShare} is not in 0..1");
        Check(EndingFraction is > 0 and <= 1, $"ending fraction {EndingFraction} is not in 0..1");
        Check(WeightDecay is >= 0 and < 1, $"weight decay {WeightDecay} is not in 0..1");
        Check(Dropout is >= 0 and < 1, $"dropout {Dropout} is not in 0..1");
        Check(LabelSmoothing is >= 0 and < 1, $"label smoothing {LabelSmoothing} is not in 0..1");
        Check(Threads is >= 1 and <= 1024, $"{Threads} threads are not in 1..1024");
        Check(CheckpointSteps >= 1, $"{CheckpointSteps} checkpoint steps are not positive");
        if (problems.Count > 0)
            throw new InputException($"The training options are wrong: {string.Join("; ", problems)}.");

        void Check(bool good, string problem)
        {
            if (!good)
                problems.Add(problem);
        }
    }
}
