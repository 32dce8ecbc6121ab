using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Spectre.Console;

namespace HwNas.Cli.Reporting;

/// <summary>Where a stream is read: a terminal of some width, or a file or pipe, which has none and gets everything.</summary>
/// <param name="Columns">The width; null where it is no terminal.</param>
/// <param name="CanRedraw">Whether it follows control sequences; a dumb terminal (an editor's, a log that
/// calls itself one) does not.</param>
/// <param name="HasColors">Whether bold and colours are wanted (NO_COLOR).</param>
internal sealed partial record Screen(int? Columns, bool CanRedraw = false, bool HasColors = false)
{
    private const int UsualColumns = 80, WidestLabel = 24;
    private const char NoBreak = '\u00A0';

    /// <summary>A file or a pipe.</summary>
    public static Screen File { get; } = new(Columns: null);

    public static Screen OfOutput() => Of(Console.IsOutputRedirected, Console.Out);

    public static Screen OfError() => Of(Console.IsErrorRedirected, Console.Error);

    /// <summary>
    /// Breaks the lines that are wider than the terminal between words, and goes on below their text, right of a label.
    /// Lines of tables fit already.
    /// </summary>
    public string Fold(string text) => Columns is { } columns
        ? string.Join('\n', text.Split('\n').Select(line =>
            line.Length <= columns || line.Contains('\e', StringComparison.Ordinal) ? line : Folded(line, columns)))
        : text;

    private static Screen Of(bool isRedirected, TextWriter stream)
    {
        if (isRedirected)
            return File;
        var isAnsi = OperatingSystem.IsWindows()
            ? AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(stream) }).Profile.Capabilities.Ansi
            : Environment.GetEnvironmentVariable("TERM") is { Length: > 0 } and not "dumb";
        return new Screen(
            ConsoleColumns(), isAnsi, isAnsi && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")));
    }

    private static int ConsoleColumns()
    {
        try
        {
            return Console.WindowWidth > 0 ? Console.WindowWidth : UsualColumns;
        }
        catch (IOException)
        {
            return UsualColumns;
        }
    }

    private static string Folded(string line, int columns)
    {
        var label = Label().Match(line);
        var start = line.Length - line.TrimStart().Length;
        var hanging = label.Success && label.Length <= Math.Min(WidestLabel, columns / 2)
            ? label.Length
            : Math.Min(start + 2, columns / 2);
        var begun = label.Success && hanging == label.Length ? label.Length : start;
        var (text, used) = (new StringBuilder(line[..begun]), begun);
        var isFirst = true;
        foreach (var word in WithUnits(line[begun..])
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(word => Pieces(word, columns - hanging)))
        {
            if (!isFirst && used + 1 + word.Length > columns)
            {
                text.Append(CultureInfo.InvariantCulture, $"\n{new string(' ', hanging)}");
                (used, isFirst) = (hanging, true);
            }

            text.Append((isFirst ? word : " " + word).Replace(NoBreak, ' '));
            used += word.Length + (isFirst ? 0 : 1);
            isFirst = false;
        }

        return text.ToString();
    }

    // "5 %" and "12 µs" stay together.
    private static string WithUnits(string text) =>
        text.Replace(" %", $"{NoBreak}%", StringComparison.Ordinal).Replace(" µs", $"{NoBreak}µs", StringComparison.Ordinal);

    /// <summary>A word in pieces of at most so many characters, ids and paths broken after their separators.</summary>
    internal static IEnumerable<string> Pieces(string word, int length)
    {
        while (word.Length > length)
        {
            int[] ends =
                [word.LastIndexOfAny(['-', '/', ','], length - 1) + 1, word.LastIndexOfAny(['_', '.'], length - 1) + 1, length];
            var end = ends.First(end => end > 0);
            yield return word[..end];
            word = word[end..];
        }

        yield return word;
    }

    // "device        …", "      …": what comes first, up to two blanks or more.
    [GeneratedRegex(@"^\s*\S+(?: \S+)*? {2,}(?=\S)")]
    private static partial Regex Label();
}
