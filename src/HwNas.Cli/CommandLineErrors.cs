using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;

namespace HwNas.Cli;

/// <summary>
/// What was wrong with a command line, in a few lines: the errors, the nearest word to one
/// that is unknown, and where help is.
/// </summary>
internal static class CommandLineErrors
{
    /// <summary>Whether a command line is wrong, also where an unknown option was taken for an argument.</summary>
    public static bool Has(ParseResult parsed) => parsed.Action is ParseErrorAction || OptionsAsArguments(parsed).Any();

    /// <summary>The message.</summary>
    public static string Of(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var path = string.Join(
            ' ', PathOf(parsed.CommandResult).Reverse().Select(known => known is RootCommand ? "hwnas" : known.Name));
        string[] unknown = [.. OptionsAsArguments(parsed), .. parsed.UnmatchedTokens];
        List<string> lines = unknown.Length > 0
            ? [.. Unknown(parsed, path, unknown), .. OtherErrors(parsed)]

            // The framework's words for it do not say which.
            : command.Subcommands.Count > 0 && command.Action is null
                ? [$"'{path}' needs one of {string.Join(", ", command.Subcommands.Select(sub => sub.Name))}."]
                : [.. parsed.Errors.Select(error => error.Message).Distinct()];
        return $"hwnas: {string.Join("\n       ", lines)}\nSee '{path} --help'.\n";
    }

    // An unknown option takes its value with it, an unknown verb all that follows.
    private static IEnumerable<string> Unknown(ParseResult parsed, string path, string[] unknown)
    {
        var isOption = unknown[0].StartsWith('-');
        string[] words = [.. unknown.Where(word => isOption && word.StartsWith('-')).DefaultIfEmpty(unknown[0])];
        var names = isOption ? OptionsOf(parsed) : [.. parsed.CommandResult.Command.Subcommands.Select(sub => sub.Name)];
        foreach (var word in words.Select(word => word.Split('=', ':')[0]))
        {
            var remedy = Nearest(word, names) is { } nearest
                ? $" Did you mean '{(isOption ? nearest : $"{path} {nearest}")}'?"
                : "";
            yield return $"'{path}' knows no '{word}'.{remedy}";
        }
    }

    // A verb with arguments takes any word for one; after '--' that is meant so.
    private static IEnumerable<string> OptionsAsArguments(ParseResult parsed) =>
        parsed.Tokens.Any(token => token.Type == TokenType.DoubleDash)
            ? []
            : parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens)
                .Select(token => token.Value).Where(word => word.StartsWith("--", StringComparison.Ordinal));

    // What else is wrong, beside what follows from the unknown words.
    private static IEnumerable<string> OtherErrors(ParseResult parsed) => parsed.Errors
        .Where(error => error.SymbolResult is not (null or CommandResult)
            && !parsed.UnmatchedTokens.Any(word => error.Message.Contains($"'{word}'", StringComparison.Ordinal)))
        .Select(error => error.Message);

    private static string[] OptionsOf(ParseResult parsed) =>
    [
        .. parsed.CommandResult.Command.Options.Concat(
            PathOf(parsed.CommandResult).SelectMany(known => known.Options.Where(option => option.Recursive)))
            .Select(option => option.Name).Where(name => name.StartsWith("--", StringComparison.Ordinal)).Distinct(),
    ];

    private static IEnumerable<Command> PathOf(CommandResult result)
    {
        for (SymbolResult? at = result; at is not null; at = at.Parent)
        {
            if (at is CommandResult { Command: var command })
                yield return command;
        }
    }

    /// <summary>The name that a typing error most likely meant: one that differs in a third of its letters at most.</summary>
    internal static string? Nearest(string word, IEnumerable<string> names) => names
        .Select(name => (Name: name, Distance: Distance(word, name)))
        .Where(candidate => candidate.Distance <= Math.Max(1, Math.Max(word.Length, candidate.Name.Length) / 3))
        .OrderBy(candidate => candidate.Distance)
        .Select(candidate => candidate.Name)
        .FirstOrDefault();

    // Letters inserted, left out, exchanged, or swapped with their neighbour (optimal string alignment).
    private static int Distance(string from, string to)
    {
        var distances = new int[from.Length + 1, to.Length + 1];
        for (var i = 0; i <= from.Length; i++)
        {
            for (var j = 0; j <= to.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    distances[i, j] = i + j;
                    continue;
                }

                var exchanged = distances[i - 1, j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
                distances[i, j] = Math.Min(exchanged, 1 + Math.Min(distances[i - 1, j], distances[i, j - 1]));
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                    distances[i, j] = Math.Min(distances[i, j], 1 + distances[i - 2, j - 2]);
            }
        }

        return distances[from.Length, to.Length];
    }
}
