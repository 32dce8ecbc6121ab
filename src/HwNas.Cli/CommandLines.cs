using System.CommandLine;

namespace HwNas.Cli;

/// <summary>Command lines that users can copy.</summary>
internal static class CommandLines
{
    private const string Resume = "--resume";

    /// <summary>The command line that continues what this one was interrupted in.</summary>
    public static string ToContinue(ParseResult parsed)
    {
        IEnumerable<string> words = ["hwnas", .. parsed.Tokens.Select(token => token.Value)];
        var resumes = parsed.CommandResult.Command.Options.Any(option => option.Name == Resume);
        return string.Join(' ', (resumes ? words.Where(word => word != Resume).Append(Resume) : words).Select(Quoted));
    }

    private static string Quoted(string word) =>
        word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || "-_./:=,@%+".Contains(c, StringComparison.Ordinal))
            ? word
            : $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
