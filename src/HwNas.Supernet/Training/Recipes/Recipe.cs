using System.Text.Json.Serialization;
using HwNas.Core;
using HwNas.Supernet.Data;

namespace HwNas.Supernet.Training.Recipes;

/// <summary>Who steps the weights.</summary>
public enum OptimizerKind
{
    /// <summary>Stochastic gradient descent with Nesterov momentum (AttentiveNAS section 5; AlphaNet section 4).</summary>
    Sgd,

    /// <summary>RMSProp as TensorFlow has it: the form that BigNAS trains with (section 4.1).</summary>
    RmsProp,
}

/// <summary>How the learning rate falls after the warm-up.</summary>
public enum ScheduleKind
{
    /// <summary>By one factor from step to step, then constant (BigNAS section 3.1).</summary>
    Exponential,

    /// <summary>Along half a cosine, then constant (Loshchilov and Hutter 2017, SGDR, without restarts).</summary>
    Cosine,
}

/// <summary>What the subnets below the largest learn from.</summary>
public enum DistillationKind
{
    /// <summary>The largest one's soft labels, by the Kullback-Leibler divergence (BigNAS section 3.1).</summary>
    Kl,

    /// <summary>The same by the adaptive alpha-divergence (AlphaNet, arXiv 2102.07954, section 3).</summary>
    AdaptiveAlpha,

    /// <summary>The labels, as the largest: no distillation.</summary>
    None,
}

/// <summary>How the random subnets of a step are drawn.</summary>
public enum SamplingKind
{
    /// <summary>Each choice alike (BigNAS section 3.1).</summary>
    Uniform,

    /// <summary>Of some with about the same MACs, the one with the least loss (AttentiveNAS section 4).</summary>
    BestUp,

    /// <summary>Of some with about the same MACs, the one with the greatest loss (AttentiveNAS section 4).</summary>
    WorstUp,
}

/// <summary>
/// How the weights learn: everything about a training but its length, its batch and its seed. The defaults are those of the
/// preset <c>fashion-mnist</c>; <see cref="RecipePresets"/> has those of the papers.
/// </summary>
public sealed record Recipe
{
    /// <summary>Random subnets in a step, beside the largest and the smallest (BigNAS: 2). Default 2; 0 to 16.</summary>
    public int RandomSubnets { get; init; } = 2;

    /// <summary>How they are drawn. Default <see cref="SamplingKind.Uniform"/>.</summary>
    public SamplingKind Sampling { get; init; }

    /// <summary>Subnets that attentive sampling chooses one from. Default 3; 2 to 64.</summary>
    public int SamplingCandidates { get; init; } = 3;

    /// <summary>What the subnets below the largest learn from. Default <see cref="DistillationKind.Kl"/>.</summary>
    public DistillationKind Distillation { get; init; }

    /// <summary>The optimizer. Default <see cref="OptimizerKind.Sgd"/>.</summary>
    public OptimizerKind Optimizer { get; init; }

    /// <summary>Learning rate after the warm-up. Default 0.2.</summary>
    public double LearningRate { get; init; } = 0.2;

    /// <summary>
    /// The batch that <see cref="LearningRate"/> is meant for; of another batch it is in proportion (Goyal et al. 2017). 0, the
    /// default, leaves it as it is.
    /// </summary>
    public int LearningRateBatch { get; init; }

    /// <summary>Momentum. Default 0.9.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>How fast RMSProp forgets squared gradients. Default 0.9.</summary>
    public double SquareDecay { get; init; } = 0.9;

    /// <summary>What RMSProp adds to their mean (BigNAS: 1e-3). Default 1e-3.</summary>
    public double Epsilon { get; init; } = 1e-3;

    /// <summary>Steps in which the learning rate rises linearly. Default 100.</summary>
    public int WarmupSteps { get; init; } = 100;

    /// <summary>How it falls then. Default <see cref="ScheduleKind.Exponential"/>.</summary>
    public ScheduleKind Schedule { get; init; }

    /// <summary>
    /// Share of the steps after which the learning rate has fallen to <see cref="EndingFraction"/>, where it stays. Default 0.9.
    /// </summary>
    public double DecayShare { get; init; } = 0.9;

    /// <summary>The constant ending, as a fraction of the learning rate (BigNAS: 5 %). Default 0.05.</summary>
    public double EndingFraction { get; init; } = 0.05;

    /// <summary>
    /// Weight decay of convolution and linear weights, on the largest subnet only (BigNAS section 3.1). Default 1e-5.
    /// </summary>
    public double WeightDecay { get; init; } = 1e-5;

    /// <summary>Dropout before the classifier, on the largest subnet only (BigNAS section 3.1). Default 0.</summary>
    public double Dropout { get; init; }

    /// <summary>
    /// Probability with which the last residual block of the largest subnet is left out for an image, falling to 0 towards the
    /// last but one stage that has any (Huang et al. 2016; AttentiveNAS section 5). Default 0.
    /// </summary>
    public double DropConnect { get; init; }

    /// <summary>Whether the last batch norm of each residual block starts at 0 (BigNAS section 3.1). Default true.</summary>
    public bool ZeroGamma { get; init; } = true;

    /// <summary>Label smoothing where labels are learned from. Default 0.1.</summary>
    public double LabelSmoothing { get; init; } = 0.1;

    /// <summary>Gradients are cut to this size in each weight (AttentiveNAS: 1). 0, the default, cuts nothing.</summary>
    public double ClipValue { get; init; }

    /// <summary>All gradients are scaled down to at most this norm (Pascanu et al. 2013). 0, the default, does not.</summary>
    public double ClipNorm { get; init; }

    /// <summary>
    /// Decay of the moving average of the weights that is evaluated and exported in their place (Polyak and Juditsky 1992).
    /// 0, the default, takes none; 0.999 averages over about the last thousand steps.
    /// </summary>
    public double AverageDecay { get; init; }

    /// <summary>Share of a fixed teacher's soft labels in what the largest subnet learns from. Default 0.5.</summary>
    public double TeacherShare { get; init; } = 0.5;

    /// <summary>How training images are varied. Default: mirrored at random.</summary>
    public Augmentation Augmentation { get; init; } = new();

    /// <summary>What files of earlier versions say in its place; never written.</summary>
    [JsonInclude]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    internal bool? Flip
    {
        get => null;
        init => Augmentation = new() { Flip = value ?? true };
    }

    /// <summary>The learning rate after the warm-up with batches of a size.</summary>
    public double LearningRateOf(int batchSize) =>
        LearningRateBatch == 0 ? LearningRate : LearningRate * batchSize / LearningRateBatch;

    /// <summary>What of it is out of range, by the keys of its JSON form.</summary>
    [JsonIgnore]
    internal IEnumerable<string> Problems =>
        new[]
        {
            OutOf(RandomSubnets is >= 0 and <= 16, "random_subnets", RandomSubnets, "in 0..16"),
            OutOf(SamplingCandidates is >= 2 and <= 64, "sampling_candidates", SamplingCandidates, "in 2..64"),
            OutOf(LearningRate is > 0 and <= 100, "learning_rate", LearningRate, "above 0, at most 100"),
            OutOf(LearningRateBatch is >= 0 and <= 1 << 20, "learning_rate_batch", LearningRateBatch, "in 0..1048576"),
            OutOf(Momentum is >= 0 and < 1, "momentum", Momentum, "at least 0, below 1"),
            OutOf(SquareDecay is >= 0 and < 1, "square_decay", SquareDecay, "at least 0, below 1"),
            OutOf(Epsilon is > 0 and <= 1, "epsilon", Epsilon, "above 0, at most 1"),
            OutOf(WarmupSteps >= 0, "warmup_steps", WarmupSteps, "at least 0"),
            OutOf(DecayShare is > 0 and <= 1, "decay_share", DecayShare, "above 0, at most 1"),
            OutOf(EndingIsPossible, "ending_fraction", EndingFraction, "above 0 (cosine: at least 0), at most 1"),
            OutOf(WeightDecay is >= 0 and < 1, "weight_decay", WeightDecay, "at least 0, below 1"),
            OutOf(Dropout is >= 0 and < 1, "dropout", Dropout, "at least 0, below 1"),
            OutOf(DropConnect is >= 0 and < 1, "drop_connect", DropConnect, "at least 0, below 1"),
            OutOf(LabelSmoothing is >= 0 and < 1, "label_smoothing", LabelSmoothing, "at least 0, below 1"),
            OutOf(ClipValue is >= 0 and <= 1e6, "clip_value", ClipValue, "in 0..1000000"),
            OutOf(ClipNorm is >= 0 and <= 1e6, "clip_norm", ClipNorm, "in 0..1000000"),
            OutOf(AverageDecay is >= 0 and < 1, "average_decay", AverageDecay, "at least 0, below 1"),
            OutOf(TeacherShare is >= 0 and <= 1, "teacher_share", TeacherShare, "in 0..1"),
        }.OfType<string>().Concat(Augmentation.Problems().Select(problem => $"augmentation: {problem}"));

    private bool EndingIsPossible => EndingFraction is > 0 and <= 1 || (EndingFraction == 0 && Schedule == ScheduleKind.Cosine);

    /// <summary>Checks all values.</summary>
    /// <exception cref="InputException">Some are out of range; the message lists all of them.</exception>
    public Recipe Checked(string origin)
    {
        var problems = string.Join("; ", Problems);
        return problems.Length == 0 ? this : throw new InputException($"'{origin}' is no recipe: {problems}.");
    }

    private static string? OutOf(bool good, string key, double value, string range) =>
        good ? null : FormattableString.Invariant($"{key} {value} is not {range}");
}
