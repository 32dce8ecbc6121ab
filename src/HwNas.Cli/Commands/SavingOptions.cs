using System.CommandLine;
using HwNas.Supernet.Training;

namespace HwNas.Cli.Commands;

/// <summary>The options that say when a training saves, and what it keeps.</summary>
internal sealed class SavingOptions
{
    private static readonly TrainingOptions Defaults = new();

    private readonly Option<int> _steps = new("--checkpoint-steps")
    {
        Description = "Steps between two checkpoints.",
        DefaultValueFactory = _ => Defaults.CheckpointSteps,
    };

    private readonly Option<double> _minutes = Numbers.In(new Option<double>("--checkpoint-minutes")
    {
        Description = "Minutes after which one is written too, as long as writing takes at most 2 % of the time; 0 for never.",
        DefaultValueFactory = _ => Defaults.CheckpointMinutes,
    });

    private readonly Option<int> _keep = new("--keep-checkpoints")
    {
        Description = "Checkpoints to keep; from 2 on the best one too.",
        DefaultValueFactory = _ => Defaults.KeepCheckpoints,
    };

    /// <summary>All of them.</summary>
    public IEnumerable<Option> All => [_steps, _minutes, _keep];

    /// <summary>How a command line wants to save.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="kept">What it leaves out is as it is here.</param>
    public TrainingOptions Of(ParseResult parsed, TrainingOptions kept) => kept with
    {
        CheckpointSteps = Given(_steps, kept.CheckpointSteps, parsed),
        CheckpointMinutes = Given(_minutes, kept.CheckpointMinutes, parsed),
        KeepCheckpoints = Given(_keep, kept.KeepCheckpoints, parsed),
    };

    private static T Given<T>(Option<T> option, T otherwise, ParseResult parsed) =>
        parsed.GetResult(option) is { Implicit: false } ? parsed.GetValue(option)! : otherwise;
}
