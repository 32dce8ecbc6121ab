using System.CommandLine;
using HwNas.Core;

namespace HwNas.Cli;

/// <summary>Command lines that users can copy.</summary>
internal static class CommandLines
{
    private const string Resume = "--resume";

    /// <summary>The command line that continues what this one was interrupted in.</summary>
    /// <param name="parsed">The parsed command line.</param>
    /// <param name="chosen">Words that say what was chosen where it leaves that open.</param>
    public static string ToContinue(ParseResult parsed, IEnumerable<string> chosen)
    {
        List<string> words = ["hwnas", .. parsed.Tokens.Select(token => token.Value), .. chosen];
        if (parsed.CommandResult.Command.Options.Any(option => option.Name == Resume))
        {
            words.Remove(Resume);
            words.Add(Resume);
        }

        return string.Join(' ', words.Select(ShellWord.Of));
    }
}
