using System.Collections.Immutable;
using HwNas.Core;
using HwNas.Core.Data;
using HwNas.Core.Search;
using HwNas.Core.Spaces;
using HwNas.Supernet.Data;
using HwNas.Supernet.Torch;
using HwNas.Supernet.Training;
using HwNas.Supernet.Training.Recipes;
using static System.FormattableString;

namespace HwNas;

/// <summary>Something that was chosen for a user, and why.</summary>
/// <param name="What">What it is.</param>
/// <param name="Choice">What was chosen, and why.</param>
public sealed record AutoChoice(string What, string Choice);

/// <summary>What <see cref="AutoPlan"/> starts from.</summary>
/// <param name="Data">The images.</param>
/// <param name="TrainingTime">How long the training may take.</param>
public sealed record AutoRequest(DataSplits Data, TimeSpan TrainingTime)
{
    /// <summary>Upper limits on counts of the networks, as far as they are asked for.</summary>
    public ImmutableArray<Budget> Budgets { get; init; } = [];

    /// <summary>The space, if it is given.</summary>
    public string? Space { get; init; }

    /// <summary>Changes of the recipe that a user asks for.</summary>
    public Func<Recipe, Recipe> Recipe { get; init; } = recipe => recipe;

    /// <summary>The steps, if they are given.</summary>
    public int? Steps { get; init; }

    /// <summary>Images in a step, if that is given.</summary>
    public int? BatchSize { get; init; }

    /// <summary>The seed.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Threads that take subnets side by side.</summary>
    public int Threads { get; init; } = NasRun.DefaultThreads;

    /// <summary>Where it trains.</summary>
    public TorchDevice TorchDevice { get; init; } = TorchDevice.Cpu;
}

/// <summary>
/// Space, size of the images, recipe and length of a training that fit given images, a machine, budgets and a time. Larger spaces
/// come first; one that could not see each image often enough in the time gives way to the next smaller one, and so does one
/// whose networks have no room below the budgets.
/// </summary>
/// <param name="Space">The search space.</param>
/// <param name="Data">The images, at the size that the space needs.</param>
/// <param name="Options">How to train.</param>
/// <param name="Choices">What was chosen, and why.</param>
public sealed record AutoPlan(ISearchSpace Space, DataSplits Data, TrainingOptions Options, ImmutableArray<AutoChoice> Choices)
{
    // Below, more images per step or a larger network would not pay.
    private const int FewestEpochs = 12;

    // What is seen so often is cut at random, so that it is not learned by heart.
    private const int EpochsUntilCropped = 30;

    private const double CroppedArea = 0.5;

    private const int FewestSteps = 300, MostSteps = 100_000, LargestBatch = 64, SmallestBatch = 16, StepsOfEpoch = 30;

    // What was left out was told, and allowed, when the images were opened first.
    private static readonly DataReading AsOpened = new() { MostDamaged = int.MaxValue };

    // The smallest networks of a space are its worst: a larger space is taken where some need no more of the budgets than this.
    private const double RoomShare = 0.5;

    private static readonly TimeSpan TrialTime = TimeSpan.FromSeconds(5);

    /// <summary>The share of the budgets that some network of the space must keep.</summary>
    public double BudgetShare { get; private init; } = 1;

    /// <summary>The plans for images, the one with the largest networks first; each is made when it is asked for.</summary>
    /// <param name="request">What they start from.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Ends the trials.</param>
    /// <exception cref="InputException">The given space does not fit the images.</exception>
    public static IEnumerable<AutoPlan> For(AutoRequest request, TimeProvider time, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        var names = request.Space is { } given ? [given] : DataSpace.Candidates(request.Data);
        var mirror = MirrorCheck.Of(request.Data.Training, request.Data.Validation);
        ImmutableArray<AutoChoice> passedOver = [];
        foreach (var (index, name) in names.Index())
        {
            var space = DataSpace.For(name, request.Data);
            var isLast = index == names.Count - 1;
            if (!isLast && !HasRoom(space, request.Budgets))
            {
                passedOver = passedOver.Add(new("not", $"{space.Name}: no network of it keeps half of the budget"));
                continue;
            }

            var plan = Of(request, space, mirror, time, cancellation, out var possibleEpochs);
            if (possibleEpochs >= FewestEpochs || isLast || request.Steps is not null)
            {
                yield return plan with
                {
                    Choices = [.. passedOver, .. plan.Choices], BudgetShare = isLast ? 1 : RoomShare,
                };
                passedOver = [];
            }
            else
            {
                passedOver = passedOver.Add(new("not", $"{space.Name}: in the time this machine could show each image "
                    + Invariant($"{possibleEpochs:F1} times; {FewestEpochs} are needed")));
            }
        }
    }

    private static bool HasRoom(ISearchSpace space, ImmutableArray<Budget> budgets)
    {
        try
        {
            var goals = new SubnetGoals { Budgets = budgets }.Tightened(RoomShare);
            FeasibilityCheck.Require(SubnetProblem.Create(space, [], goals, []).Search);
            return true;
        }
        catch (InfeasibleBudgetException)
        {
            return false;
        }
    }

    private static AutoPlan Of(
        AutoRequest request, ISearchSpace space, MirrorCheck mirror, TimeProvider time, CancellationToken cancellation,
        out double possibleEpochs)
    {
        var data = Fitting(request.Data, space.Resolutions[^1], cancellation);
        var count = data.Training.Count;
        var batch = request.BatchSize ?? Math.Clamp(
            (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, count / StepsOfEpoch)), SmallestBatch,
            LargestBatch);
        batch = Math.Min(batch, count);

        // In few minutes, one random subnet brings all subnets further: docs/decisions/0019-a-short-training.md.
        var options = new TrainingOptions
        {
            BatchSize = batch,
            Seed = request.Seed,
            Threads = request.Threads,
            Recipe = new Recipe { RandomSubnets = 1, LearningRate = 0.4, LearningRateBatch = LargestBatch },
        };
        options.Validate();
        var pace = request.Steps is null
            ? TrainingPace.ImagesPerSecond(
                space, data.Training, options, request.TorchDevice, TrialTime, time, cancellation)
            : (double?)null;
        var possibleImages = (pace ?? 0) * request.TrainingTime.TotalSeconds;
        possibleEpochs = possibleImages / count;
        var steps = request.Steps ?? (int)Math.Clamp(possibleImages / batch, FewestSteps, MostSteps);
        var epochs = (double)steps * batch / count;
        var augmentation = new Augmentation
        {
            Flip = mirror.MayMirror, CropMinArea = epochs >= EpochsUntilCropped ? CroppedArea : 1,
        };
        options = options with { Steps = steps, Recipe = request.Recipe(options.Recipe with { Augmentation = augmentation }) };
        options.Validate();
        return new AutoPlan(space, data, options,
        [
            new("images", Invariant($"{data.Name}: {Plural.Of(data.Classes.Length, "class", "classes")}, ")
                + Invariant($"{count:N0} to train on, {data.Validation.Count:N0} to choose by, {data.Test.Count:N0} to report, ")
                + Invariant($"as {data.Training.Shape}")),
            new("space", Invariant($"{space.Name}: {space.Genomes.Count:0.##e0} networks for sides of {space.Resolutions[0]} to ")
                + Invariant($"{space.Resolutions[^1]} pixels")
                + (pace is null ? "" : Invariant($"; this machine trains it at {pace:F0} images/s"))),
            new("recipe", Invariant($"{Plural.Of(options.Recipe.RandomSubnets, "random subnet")} a step, batches of {batch}, ")
                + Invariant($"learning rate {options.Recipe.LearningRateOf(batch):0.###}; ")
                + Varying(options.Recipe.Augmentation, mirror)),
            new("length", Invariant($"{steps:N0} steps: each image {epochs:F0} times")),
        ]);
    }

    private static string Varying(Augmentation augmentation, MirrorCheck mirror)
    {
        var cut = augmentation.CropMinArea < 1 ? Invariant($"cut to {100 * augmentation.CropMinArea:F0} % or more, ") : "";
        return $"{cut}{(augmentation.Flip ? "mirrored at random" : "not mirrored")} (the nearest mean image names "
            + Invariant($"{100 * mirror.AsTheyAre:F0} % of images, {100 * mirror.Mirrored:F0} % of mirrored ones)");
    }

    // Pictures of a folder are decoded once at the size that is needed; all else is resized while it trains.
    private static DataSplits Fitting(DataSplits data, int side, CancellationToken cancellation)
    {
        var shape = data.Training.Shape;
        return Math.Min(shape.Height, shape.Width) <= side || !DataSets.TakesSize(data.Spec)
            ? data
            : DataSets.Open(Invariant($"{data.Spec}@{side}x{side}x{shape.Channels}"), AsOpened, cancellation);
    }
}
