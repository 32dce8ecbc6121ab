using System.Collections.Immutable;
using System.CommandLine;
using HwNas.Core;
using HwNas.Core.Devices;
using HwNas.Core.Predictors;
using HwNas.Core.Spaces;

namespace HwNas.Cli.Commands;

/// <summary>A space and a predictor's file in place of a run, for verbs that need no supernet then.</summary>
internal sealed class PredictorOptions
{
    private readonly Option<string?> _space = new("--space")
    {
        Description = "With --predictor: the search space.",
        HelpName = "NAME|FILE",
    };

    private readonly Option<string?> _predictor = new("--predictor")
    {
        Description = "A predictor's file in place of a run, as docs/best.md describes it; needs --space.",
        HelpName = "FILE",
    };

    public IReadOnlyList<Option> All => [_space, _predictor];

    /// <summary>Whether a predictor's file takes the place of a run.</summary>
    /// <param name="parsed">The parsed command line.</param>
    /// <param name="ofRun">Options that only a run has a use for.</param>
    /// <param name="ofPredictor">Options that only a predictor's file has a use for.</param>
    /// <exception cref="InputException">Options of both kinds are given, or one of two that belong together.</exception>
    public bool IsGiven(ParseResult parsed, IEnumerable<Option> ofRun, params IEnumerable<Option> ofPredictor)
    {
        var given = All.Concat(ofPredictor).FirstOrDefault(IsSet);
        if (given is null)
            return false;
        if (parsed.GetValue(_space) is null || parsed.GetValue(_predictor) is null)
        {
            throw new InputException(
                $"{given.Name} needs both --space and --predictor, such as --space ofa-mobilenetv3 --predictor FILE.");
        }

        return ofRun.FirstOrDefault(IsSet) is not { } other
            ? true
            : throw new InputException($"{other.Name} is about a run, and --predictor takes the place of one. Leave one out.");

        bool IsSet(Option option) => parsed.GetResult(option) is { Implicit: false };
    }

    /// <summary>Reads the files.</summary>
    /// <exception cref="InputException">A file is wrong or does not fit the space.</exception>
    public PredictedSpace Open(
        ParseResult parsed, CommandContext context, ImmutableArray<DeviceProfile> devices, SubnetGoals goals) => new(
        SearchSpace.Load(parsed.GetValue(_space)!), PredictorFile.Read(parsed.GetValue(_predictor)!), devices, goals,
        context.OfRun);
}
