using System.Text.Json.Nodes;
using HwNas.Core;
using HwNas.Supernet.Training.Recipes;

namespace HwNas.Supernet.Training;

/// <summary>How a supernet is trained; the whole of it is kept in the checkpoint.</summary>
public sealed record TrainingOptions
{
    // Not part of a recipe: how long, how much at once, and how.
    private static readonly string[] OwnKeys = ["seed", "batch_size", "steps", "threads", "checkpoint_steps", "recipe"];

    /// <summary>Decides the weights, the order of the images and the sampled subnets. Default 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Images in a step. Default 64; 2 to 65,536.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>Optimizer steps in all. Default 4,000.</summary>
    public int Steps { get; init; } = 4000;

    /// <summary>How the weights learn.</summary>
    public Recipe Recipe { get; init; } = new();

    /// <summary>
    /// Threads that take subnets side by side. Up to one for each subnet of the sandwich, they have no influence on the result.
    /// Default 2.
    /// </summary>
    public int Threads { get; init; } = 2;

    /// <summary>Steps between two checkpoints. Default 200.</summary>
    public int CheckpointSteps { get; init; } = 200;

    /// <summary>
    /// Minutes after which a checkpoint is written too, as long as writing takes at most 2 % of the time. Default 5; 0 looks at
    /// the steps only.
    /// </summary>
    public double CheckpointMinutes { get; init; } = 5;

    /// <summary>
    /// Checkpoints to keep. Default 1, the current one alone; from 2 on those before it, and the best one, are kept beside it.
    /// </summary>
    public int KeepCheckpoints { get; init; } = 1;

    /// <summary>Checks all values.</summary>
    /// <exception cref="InputException">Values are out of range; the message lists all of them.</exception>
    public void Validate()
    {
        var problems = new List<string>();
        Check(BatchSize is >= 2 and <= 65_536, $"batch size {BatchSize} is not in 2..65536");
        Check(Steps is >= 1 and <= 100_000_000, $"{Steps} steps are not in 1..100000000");
        Check(Threads is >= 1 and <= 1024, $"{Threads} threads are not in 1..1024");
        Check(CheckpointSteps >= 1, $"{CheckpointSteps} checkpoint steps are not positive");
        Check(CheckpointMinutes is >= 0 and <= 10_000, $"{CheckpointMinutes} checkpoint minutes are not in 0..10000");
        Check(KeepCheckpoints is >= 1 and <= 1000, $"{KeepCheckpoints} checkpoints to keep are not in 1..1000");
        problems.AddRange(Recipe.Problems);
        if (problems.Count > 0)
            throw new InputException($"The training options are wrong: {string.Join("; ", problems)}.");

        void Check(bool good, string problem)
        {
            if (!good)
                problems.Add(problem);
        }
    }

    /// <summary>Files of earlier versions have a recipe's keys among the options.</summary>
    public static void Upgrade(JsonObject? options)
    {
        if (options is null || options.ContainsKey("recipe"))
            return;
        var recipe = new JsonObject();
        foreach (var key in options.Select(entry => entry.Key).Except(OwnKeys).ToList())
        {
            var value = options[key];
            options.Remove(key);
            recipe[key] = value;
        }

        options["recipe"] = recipe;
    }
}
