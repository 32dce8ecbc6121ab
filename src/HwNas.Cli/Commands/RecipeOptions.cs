using System.CommandLine;
using System.CommandLine.Completions;
using HwNas.Supernet.Data;
using HwNas.Supernet.Training.Recipes;

namespace HwNas.Cli.Commands;

/// <summary>The options that say how weights learn.</summary>
internal sealed class RecipeOptions
{
    private static readonly Recipe Defaults = new();

    private readonly Option<string?> _recipe = new("--recipe")
    {
        Description = $"How to learn: {string.Join(", ", RecipePresets.Names)}, or a .json file. Default: fashion-mnist.",
        HelpName = "NAME|FILE",
        CompletionSources = { _ => RecipePresets.Names.Select(name => new CompletionItem(name)) },
    };

    private readonly Option<string[]> _settings = new("--set")
    {
        Description = "Change one value of the recipe, such as dropout=0.2 (docs/train.md has all); can be repeated.",
        HelpName = "KEY=VALUE",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<string?> _augment = new("--augment")
    {
        Description = $"How training images are varied: {string.Join(", ", Augmentation.Names)}, or a .json file. "
            + "Default: the recipe's; flip in all.",
        HelpName = "NAME|FILE",
        CompletionSources = { _ => Augmentation.Names.Select(name => new CompletionItem(name)) },
    };

    private readonly Option<double> _rate = Numbers.In(new Option<double>("--learning-rate")
    {
        Description = "Learning rate after the warm-up. Default: the recipe's; 0.2 in fashion-mnist.",
    });

    private readonly Option<int> _random = new("--random-subnets")
    {
        Description = "Random subnets in a step, beside the largest and the smallest. Default: the recipe's; 2 in all.",
        DefaultValueFactory = _ => Defaults.RandomSubnets,
    };

    /// <summary>All of them.</summary>
    public IEnumerable<Option> All => [_recipe, _settings, _augment, _rate, _random];

    /// <summary>Whether the learning rate is given.</summary>
    public bool HasRate(ParseResult parsed) => IsGiven(parsed, _rate) || parsed.GetValue(_settings)!.Any(IsRate);

    /// <summary>The recipe that a command line asks for.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="kept">The recipe where it names none.</param>
    public Recipe Of(ParseResult parsed, Recipe kept)
    {
        var recipe = parsed.GetValue(_recipe) is { } name ? RecipeFile.Load(name) : kept;
        recipe = parsed.GetValue(_settings)!.Aggregate(recipe, RecipeFile.Set);
        if (parsed.GetValue(_augment) is { } augmentation)
            recipe = recipe with { Augmentation = Augmentation.Load(augmentation) };
        if (IsGiven(parsed, _rate))
            recipe = recipe with { LearningRate = parsed.GetValue(_rate), LearningRateBatch = 0 };
        return IsGiven(parsed, _random) ? recipe with { RandomSubnets = parsed.GetValue(_random) } : recipe;
    }

    private static bool IsRate(string setting) => setting.StartsWith("learning_rate=", StringComparison.Ordinal);

    private static bool IsGiven(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };
}
