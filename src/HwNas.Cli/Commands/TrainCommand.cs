using System.CommandLine;
using System.Globalization;
using HwNas.Cli.Reporting;
using HwNas.Core;
using HwNas.Core.Spaces;
using HwNas.Supernet.Data;
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
                + "Default: by the size of the images.",
            HelpName = "NAME|FILE",
        };
        var data = SharedOptions.Data();
        var damaged = SharedOptions.SkipDamaged();
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
        var recipe = new RecipeOptions();
        var seed = SharedOptions.Seed();
        var threads = SharedOptions.Threads();
        var device = new TorchDeviceOption(trains: true);
        var saving = new SavingOptions();
        var alone = new Option<string?>("--standalone")
        {
            Description = "Train this one network of the space alone, with the same budget; no supernet.",
            HelpName = "ID",
        };
        var teacherPath = new Option<string?>("--teacher")
        {
            Description = "A fixed network that the largest subnet learns from as well: an ONNX model, or a run folder.",
            HelpName = "FILE|DIR",
        };
        var fork = new Option<string?>("--fork")
        {
            Description = $"Begin with the weights of this run (its folder, or its name in {RunOption.Runs}/); what is left out "
                + "is as that run has it.",
            HelpName = "RUN",
        };
        var resume = new Option<bool>("--resume") { Description = "Continue the unfinished run in the folder." };
        var command = new Command("train",
            """
            Train the supernet that holds all networks of a space.

            Once for all, by the sandwich rule with in-place distillation.

            Examples:
              hwnas train --out runs/fashion
              hwnas train --out runs/fashion --resume
              hwnas train --fork runs/fashion --steps 2000 --out runs/longer
              hwnas train --space my-space.json --steps 5000 --seed 7 --out runs/mine
              hwnas train --data photos --out runs/photos
              hwnas train --recipe alphanet --set average_decay=0.999
            """)
        {
            space, data, damaged, output, steps, batch, seed, threads, alone, teacherPath, fork, resume,
        };
        foreach (var option in recipe.All.Concat(saving.All).Concat(device.All))
            command.Add(option);
        command.SetAction((parsed, cancellation) =>
        {
            var torch = device.Of(parsed);

            // What is continued goes on as it began; what is said nevertheless must agree.
            var forked = parsed.GetValue(fork) is { } source ? RunOption.Named(source) : null;
            if (forked is not null && parsed.GetValue(output) is null)
                throw new InputException("--fork begins a new run: give its folder with --out.");
            var begun = (parsed.GetValue(resume) && parsed.GetValue(output) is { } path ? Begun(new RunFolder(path)) : null)
                ?? (forked is null ? null : Begun(forked));
            var kept = begun?.Options ?? Defaults;
            var options = saving.Of(parsed, kept) with
            {
                Steps = Given(steps, kept.Steps),
                BatchSize = Given(batch, kept.BatchSize),
                Recipe = recipe.Of(parsed, kept.Recipe),
                Seed = Given(seed, kept.Seed),
                Threads = parsed.GetValue(threads),
            };
            options.Validate();
            var name = parsed.GetValue(space) ?? begun?.Space;
            if (name is not null)
                _ = SearchSpace.Load(name);
            var images = DataSets.Open(
                Given(data, begun?.Data ?? DataSets.DefaultSpec),
                new DataReading
                {
                    // What is continued has the images that it began with, or is refused.
                    MostDamaged = parsed.GetValue(damaged) ?? (begun is null ? null : int.MaxValue), Notice = context.Say,
                },
                cancellation);
            if (name is null)
                context.Say(context.ErrorScreen.Fold($"Space {DataSpace.ReasonFor(images)} (--space names another)."));
            var trained = DataSpace.For(name, images);
            if (parsed.GetValue(alone) is { } id)
            {
                var network = trained.Parse(id, "--standalone");
                trained = trained as SubnetSpace ?? new SubnetSpace(trained, network);
            }

            var folder = parsed.GetValue(output) ?? Path.Combine(RunOption.Runs, trained.Name);
            using var teacher = parsed.GetValue(teacherPath) is { } taught
                ? Teacher.Open(taught, images, options.BatchSize, torch, context.OfRun, cancellation)
                : null;
            var request = new TrainRequest(images)
            {
                Options = options,
                Teacher = teacher,
                From = forked is null ? null : new Inheritance(forked),
                Resume = parsed.GetValue(resume),
                MayChangeRate = recipe.HasRate(parsed),
            };
            var run = new NasRun(folder, trained, context.OfRun) { TorchDevice = torch };
            if (trained is SubnetSpace)
            {
                TrainAlone.Run(context, run, request, cancellation);
                return Task.FromResult(ExitCodes.Done);
            }

            var outcome = Run(context, run, request, cancellation);
            context.Say(
                $"Trained in {outcome.Seconds:F0} s at {outcome.ImagesPerSecond:F0} images/s: {run.Folder.Checkpoint}");
            return Task.FromResult(ExitCodes.Done);

            bool IsGiven(Option option) => parsed.GetResult(option) is { Implicit: false };

            T Given<T>(Option<T> option, T otherwise) => IsGiven(option) ? parsed.GetValue(option)! : otherwise;
        });
        return command;
    }

    // How the training in a folder began; null where none did.
    private static (TrainingOptions Options, string Space, string Data)? Begun(RunFolder folder)
    {
        if (!File.Exists(folder.Training) || !File.Exists(folder.Space))
            return null;
        var record = TrainingRecord.Read(folder.Training);
        return (record.Options, folder.Space, record.Data.Spec);
    }

    /// <summary>Trains, or continues, or finds the training done, and shows how it goes.</summary>
    public static TrainingOutcome Run(CommandContext context, NasRun run, TrainRequest request, CancellationToken cancellation)
    {
        using var line = ProgressLine.ForConsole(context, "train");
        var reporter = new Reporter(line, context.ErrorScreen);
        TrainingOutcome outcome;
        try
        {
            outcome = run.Train(request, reporter, cancellation);
        }
        catch (DivergedException error)
        {
            throw new InputException(DivergedTraining.Advice(error, run.Folder, context.Command), error);
        }

        if (reporter.HasTrained)
        {
            line.Complete(string.Create(
                CultureInfo.InvariantCulture,
                $"{Plural.Of(request.Options.Steps, "step")}, waited for data {reporter.WaitedForDataPercent:F1} %"));
        }

        // A run of an earlier version may lack its course.
        if (reporter.HasTrained || (!File.Exists(run.Folder.TrainingPng) && File.Exists(run.Folder.Metrics)))
            TrainingPlot.Save(run, []);

        return outcome;
    }

    private sealed class Reporter(ProgressLine line, Screen screen) : IProgress<TrainingProgress>
    {
        public bool HasTrained { get; private set; }

        public double WaitedForDataPercent { get; private set; }

        public void Report(TrainingProgress value)
        {
            HasTrained = true;
            WaitedForDataPercent = value.WaitedForDataPercent;
            if (value.Accuracy is { } accuracy)
            {
                line.Note(screen.Fold(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Plural.Of(value.Step, "step")}: largest subnet {accuracy.LargestTop1Percent:F1} %, smallest "
                    + $"{accuracy.SmallestTop1Percent:F1} % of {Plural.Of(accuracy.Images, "validation image")}")));
            }

            var random = double.IsNaN(value.Losses.RandomLoss)
                ? ""
                : string.Create(CultureInfo.InvariantCulture, $" / {value.Losses.RandomLoss:F2}");
            line.Report(
                value.Step, value.Steps,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"loss {value.Losses.LargestLoss:F2}{random} / {value.Losses.SmallestLoss:F2}, "
                    + $"{value.ImagesPerSecond:F0} images/s"));
        }
    }
}
