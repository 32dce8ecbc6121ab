using System.CommandLine;
using HwNas.Cli.Reporting;
using HwNas.Cli.Runs;
using HwNas.Core;
using HwNas.Core.Files;
using HwNas.Core.Search;
using HwNas.Core.Spaces;
using HwNas.Supernet.Data;
using HwNas.Supernet.Elastic;
using HwNas.Supernet.Training;

namespace HwNas.Cli.Commands;

/// <summary><c>hwnas train</c>: trains the supernet once, for all subnets.</summary>
internal static class TrainCommand
{
    private static readonly TrainingOptions Defaults = new();

    public static Command Create(CommandContext context)
    {
        var space = new Option<string?>("--space")
        {
            Description = "A built-in search space, which takes the channels and classes of the images, or a .json file. "
                + "Default: fashion-mnist for grey images, cifar-32 for colour.",
            HelpName = "NAME|FILE",
        };
        var data = SharedOptions.Data();
        var output = new Option<string>("--out") { Description = "Run folder. Default: runs/<space>.", HelpName = "DIR" };
        var steps = new Option<int>("--steps")
        {
            Description = "Optimizer steps in all.",
            DefaultValueFactory = _ => Defaults.Steps,
        };
        var batch = new Option<int>("--batch")
        {
            Description = "Images in a step.",
            DefaultValueFactory = _ => Defaults.BatchSize,
        };
        var rate = Numbers.In(new Option<double>("--learning-rate")
        {
            Description = "Learning rate after the warm-up.",
            DefaultValueFactory = _ => Defaults.LearningRate,
        });
        var random = new Option<int>("--random-subnets")
        {
            Description = "Random subnets in a step, beside the largest and the smallest.",
            DefaultValueFactory = _ => Defaults.RandomSubnets,
        };
        var seed = SharedOptions.Seed();
        var threads = SharedOptions.Threads();
        var every = new Option<int>("--checkpoint-steps")
        {
            Description = "Steps between two checkpoints.",
            DefaultValueFactory = _ => Defaults.CheckpointSteps,
        };
        var resume = new Option<bool>("--resume") { Description = "Continue the unfinished run in the folder." };
        var command = new Command("train",
            """
            Train the supernet that holds all networks of a space.

            Once for all, by the sandwich rule with in-place distillation.

            Examples:
              hwnas train --out runs/fashion
              hwnas train --out runs/fashion --resume
              hwnas train --space my-space.json --steps 5000 --seed 7 --out runs/mine
              hwnas train --data photos --out runs/photos
            """)
        {
            space, data, output, steps, batch, rate, random, seed, threads, every, resume,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var options = Defaults with
            {
                Steps = parsed.GetValue(steps),
                BatchSize = parsed.GetValue(batch),
                LearningRate = parsed.GetValue(rate),
                RandomSubnets = parsed.GetValue(random),
                Seed = parsed.GetValue(seed),
                Threads = parsed.GetValue(threads),
                CheckpointSteps = parsed.GetValue(every),
            };
            options.Validate();
            if (parsed.GetValue(space) is { } name)
                _ = SearchSpace.Load(name);
            var images = DataSets.Open(parsed.GetValue(data)!, cancellation);
            var request = new TrainRequest(DataSpace.For(parsed.GetValue(space), images), options, parsed.GetValue(resume))
            {
                MayChangeRate = parsed.GetResult(rate) is { Implicit: false },
            };
            var folder = new RunFolder(parsed.GetValue(output) ?? Path.Combine("runs", request.Space.Name));
            var outcome = Run(context, folder, request, images, cancellation);
            context.Error.WriteLine(
                $"Trained in {outcome.Seconds:F0} s at {outcome.ImagesPerSecond:F0} images/s: {folder.Checkpoint}");
            return Task.FromResult(ExitCodes.Done);
        });
        return command;
    }

    /// <summary>Trains, or continues, or finds the training done.</summary>
    public static TrainingOutcome Run(
        CommandContext context, RunFolder folder, TrainRequest request, DataSplits data, CancellationToken cancellation)
    {
        // What does not fit ends here, before there is a folder.
        var trainer = new SupernetTrainer(request.Options, data.Training, context.Time, ToolVersion.Text);
        _ = RunFolder.Create(folder.Path);
        using var held = folder.Lock(context);
        var record = new TrainingRecord(
            TrainingRecord.CurrentSchema, ToolVersion.Text,
            new InputReference(request.Space.Name, request.Space.Hash),
            TrainingData.Of(data),
            request.Options, Outcome: null, Hash: "");
        var checkpoint = Claim(context, folder, record, request, out var finished);
        if (finished is not null)
            return finished;

        AtomicFile.WriteText(folder.Space, request.Space.ToJson());
        context.Error.WriteLine($"Training '{request.Space.Name}' on {record.Data}.");
        using var supernet = checkpoint?.CreateSupernet() ?? new ElasticSupernet(request.Space, request.Options.Seed);
        TrainingProgress? last = null;
        using var line = ProgressLine.ForConsole(context, "train");
        try
        {
            trainer.Train(
                supernet, checkpoint, folder.Checkpoint, folder.Metrics, new Reporter(line, p => last = p), cancellation);
        }
        catch (OperationCanceledException)
        {
            throw new InterruptedException(
                $"interrupted; saved at step {last?.Step ?? checkpoint?.Step ?? 0} of {request.Options.Steps}. "
                + $"Continue with the same command{(request.Resume ? "" : " and --resume")}.");
        }

        line.Complete($"{request.Options.Steps} steps");
        // The file has the whole course, of the processes before this one too, and of one that was killed after its last step.
        var course = TrainingMetrics.Read(folder.Metrics);
        var end = course.Count > 0 && course[^1].Step == request.Options.Steps
            ? course[^1]
            : throw new InputException(
                $"'{folder.Metrics}' does not reach step {request.Options.Steps}, though the training does. "
                + "Restore it from a copy, or train anew into another --out.");
        var outcome = new TrainingOutcome(
            ContentHash.OfFile(folder.Checkpoint), end.Seconds, end.ImagesPerSecond, end.LargestLoss, end.SmallestLoss,
            PeakMemoryBytes());
        StrictJson.WriteFile(folder.Training, record with { Outcome = outcome });
        return outcome;
    }

    private static long PeakMemoryBytes()
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }

    // The checkpoint to continue from; null for a fresh start.
    private static SupernetCheckpoint? Claim(
        CommandContext context, RunFolder folder, TrainingRecord record, TrainRequest request, out TrainingOutcome? finished)
    {
        finished = null;
        if (!File.Exists(folder.Training))
        {
            if (File.Exists(folder.Checkpoint))
                throw new InputException($"'{folder.Path}' holds a checkpoint without its training.json. Choose another --out.");
            StrictJson.WriteFile(folder.Training, record);
            return null;
        }

        var existing = TrainingRecord.Read(folder.Training);
        var rates = (Old: existing.Options.LearningRate, New: record.Options.LearningRate);
        if (request is { Resume: true, MayChangeRate: true } && existing.Outcome is null && rates.Old != rates.New)
            existing = existing.At(rates.New);
        if (!existing.IsSameRun(record))
        {
            throw new InputException(
                $"'{folder.Path}' holds another run (space {SearchSpace.Title(existing.Space.Name, existing.Space.Hash)}, "
                + $"images {existing.Data}, seed {existing.Options.Seed}, {existing.Options.Steps} steps, or other options). "
                + "Choose another --out, or give that run's options.");
        }

        var checkpoint = File.Exists(folder.Checkpoint) ? SupernetCheckpoint.Read(folder.Checkpoint) : null;
        if (checkpoint is not null && checkpoint.Space.Hash != record.Space.Hash)
        {
            throw new InputException(
                $"'{folder.Checkpoint}' is of the space {SearchSpace.Title(checkpoint.Space.Name, checkpoint.Space.Hash)}, "
                + $"not of {SearchSpace.Title(record.Space.Name, record.Space.Hash)}. "
                + "Choose another --out.");
        }

        if (existing.Outcome is { } outcome && checkpoint is { IsComplete: true })
        {
            if (outcome.CheckpointHash != checkpoint.Hash)
            {
                throw new InputException(
                    $"'{folder.Checkpoint}' is not the file that '{folder.Training}' describes. "
                    + "Restore it, or choose another --out.");
            }

            finished = outcome;
        }
        else if (checkpoint is not null && !request.Resume)
        {
            throw new InputException(
                $"'{folder.Path}' holds this run, unfinished at step {checkpoint.Step} of {record.Options.Steps}. "
                + "Add --resume to continue it, or choose another --out.");
        }

        if (rates.Old != rates.New && finished is null)
        {
            context.Error.WriteLine(
                FormattableString.Invariant($"The learning rate is {rates.New} from here on, {rates.Old} before."));
            StrictJson.WriteFile(folder.Training, record);
        }

        return checkpoint;
    }

    private sealed class Reporter(ProgressLine line, Action<TrainingProgress> remember) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            remember(value);
            line.Report(
                value.Step, value.Steps,
                $"{value.ImagesPerSecond:F0} images/s, loss {value.Losses.LargestLoss:F3} largest, "
                + $"{value.Losses.SmallestLoss:F3} smallest");
        }
    }
}

/// <summary>What to train.</summary>
internal sealed record TrainRequest(ISearchSpace Space, TrainingOptions Options, bool Resume)
{
    /// <summary>Whether an unfinished run may go on with another learning rate: one was asked for in so many words.</summary>
    public bool MayChangeRate { get; init; }
}
