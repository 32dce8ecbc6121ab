using System.Text;
using HwNas.Core;

namespace HwNas.Cli.Formats;

/// <summary>
/// Networks as texts in a stream: an id or a JSON object a line, or JSON that goes over several lines, as when it was made
/// readable. One after the other, so that a stream may be of any length.
/// </summary>
internal static class ArchitectureLines
{
    private const int MostCharacters = 1 << 20;

    /// <summary>Reads the texts, each with the number of the line on which it begins.</summary>
    /// <exception cref="InputException">A text is longer than any network's.</exception>
    public static IEnumerable<(int Line, string Text)> Read(TextReader reader, string origin)
    {
        var document = new StringBuilder();
        var (number, first, depth) = (0, 0, 0);
        while (reader.ReadLine() is { } line)
        {
            number++;
            if (document.Length == 0 && string.IsNullOrWhiteSpace(line))
                continue;
            first = document.Length == 0 ? number : first;
            document.Append(line).Append('\n');
            if (document.Length > MostCharacters)
            {
                throw new InputException(
                    $"{origin} line {first}: a network of more than {MostCharacters} characters. Each begins on a line of its "
                    + "own, as an id or as JSON whose brackets close.");
            }

            depth += Opened(line);
            if (depth > 0)
                continue;
            yield return (first, document.ToString());
            document.Clear();
            depth = 0;
        }

        if (document.Length > 0)
            yield return (first, document.ToString());
    }

    // How many more brackets a line opens than it closes; those within strings, which end on their line, do not count.
    private static int Opened(string line)
    {
        var (depth, isQuoted, isEscaped) = (0, false, false);
        foreach (var letter in line)
        {
            if (isEscaped)
                isEscaped = false;
            else if (isQuoted)
                (isQuoted, isEscaped) = (letter != '"', letter == '\\');
            else if (letter == '"')
                isQuoted = true;
            else if (letter is '{' or '[')
                depth++;
            else if (letter is '}' or ']')
                depth--;
        }

        return depth;
    }
}
