using System.CommandLine;
using HwNas.Core;
using HwNas.Core.Spaces;

namespace HwNas.Cli.Commands;

/// <summary>The space that a <c>hwnas space</c> command is about: its argument, or --space as for other verbs.</summary>
internal sealed class SpaceInput
{
    private readonly Argument<string?> _argument = new("SPACE")
    {
        Description = "A built-in search space (see hwnas space list), or a .json file.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _option = new("--space")
    {
        Description = "The same, as other verbs take it.",
        HelpName = "NAME|FILE",
    };

    /// <summary>Gives a command both forms.</summary>
    public SpaceInput AddTo(Command command)
    {
        command.Add(_argument);
        command.Add(_option);
        return this;
    }

    /// <summary>What the user wrote.</summary>
    /// <exception cref="InputException">Neither form was given, or both.</exception>
    public string NameOf(ParseResult parsed) => (parsed.GetValue(_argument), parsed.GetValue(_option)) switch
    {
        ({ } name, null) => name,
        (null, { } name) => name,
        (null, null) => throw new InputException(
            "Which space? Name a built-in one (see 'hwnas space list') or a .json file, such as "
            + $"'hwnas space {parsed.CommandResult.Command.Name} fashion-mnist'."),
        _ => throw new InputException("The space is named twice, as SPACE and by --space. Leave one of them out."),
    };

    /// <summary>The space.</summary>
    /// <exception cref="InputException">None was named, or it is no valid one.</exception>
    public ISearchSpace Of(ParseResult parsed) => SearchSpace.Load(NameOf(parsed));
}
