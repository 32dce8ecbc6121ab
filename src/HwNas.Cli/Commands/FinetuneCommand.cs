using System.CommandLine;
using HwNas.Core.Spaces;
using HwNas.Supernet.Data;

namespace HwNas.Cli.Commands;

/// <summary><c>hwnas finetune</c>: trains one subnet further, from the weights that it inherits.</summary>
internal static class FinetuneCommand
{
    // What is learned already is kept by small steps.
    private const double RateShare = 0.1;

    public static Command Create(CommandContext context)
    {
        var run = new RunOption();
        var subnet = new Option<string>("--subnet")
        {
            Description = "Which subnet: chosen (by the search), or any id of the space.",
            HelpName = "chosen|ID",
            DefaultValueFactory = _ => "chosen",
        };
        var data = new Option<string?>("--data")
        {
            Description = "Other images to train on; of other classes too. Default: those of the run.",
            HelpName = "DIR",
        };
        var damaged = SharedOptions.SkipDamaged();
        var output = new Option<string?>("--out")
        {
            Description = "Folder of the new run. Default: runs/<run>-subnet.",
            HelpName = "DIR",
        };
        var steps = new Option<int>("--steps")
        {
            Description = "Optimizer steps in all.",
            DefaultValueFactory = _ => 1000,
        };
        var recipe = new RecipeOptions();
        var seed = SharedOptions.Seed();
        var threads = SharedOptions.Threads();
        var device = new TorchDeviceOption(trains: true);
        var resume = new Option<bool>("--resume") { Description = "Continue the unfinished run in the folder." };
        var command = new Command("finetune",
            """
            Train one subnet further, from the weights it inherits.

            On the run's images, or on others: transfer. The learning rate is a tenth of the run's.

            Examples:
              hwnas finetune --run runs/fashion --out runs/tuned
              hwnas finetune --data photos --steps 2000 --out runs/photos
            """)
        {
            subnet, data, damaged, output, steps, seed, threads, resume,
        };
        foreach (var option in run.All.Concat(recipe.All).Concat(device.All))
            command.Add(option);
        command.SetAction((parsed, cancellation) =>
        {
            var torch = device.Of(parsed);
            var source = run.Of(parsed, context);
            var inheritance = new Inheritance(source.Folder);
            var images = parsed.GetValue(data) is { } spec
                ? DataSets.Open(
                    spec, new DataReading { MostDamaged = parsed.GetValue(damaged), Notice = context.Say }, cancellation)
                : source.Data(cancellation);
            var id = parsed.GetValue(subnet)!;
            var whole = DataSpace.For(inheritance.Space, images);
            var chosen = id == "chosen" ? source.Searched().ReadFront().Chosen : id;
            var space = new SubnetSpace(whole, whole.Parse(chosen, "--subnet"));
            var inherited = inheritance.Options.Recipe;
            var rate = Math.Round(RateShare * inherited.LearningRateOf(inheritance.Options.BatchSize), 6);
            var request = new TrainRequest(images)
            {
                Options = inheritance.Options with
                {
                    Steps = parsed.GetValue(steps),
                    Seed = parsed.GetValue(seed),
                    Threads = parsed.GetValue(threads),
                    Recipe = recipe.Of(parsed, inherited with { LearningRate = rate, LearningRateBatch = 0 }),
                },
                From = inheritance,
                Resume = parsed.GetValue(resume),
                MayChangeRate = recipe.HasRate(parsed),
            };
            var folder = parsed.GetValue(output) ?? Path.Combine(
                RunOption.Runs, $"{Path.GetFileName(Path.TrimEndingDirectorySeparator(source.Folder.Path))}-subnet");
            var tuned = new NasRun(folder, space, context.OfRun)
            {
                Threads = parsed.GetValue(threads), TorchDevice = torch,
            };
            TrainAlone.Run(context, tuned, request, cancellation);
            return Task.FromResult(ExitCodes.Done);
        });
        return command;
    }
}
