using System.Globalization;
using System.Text;

namespace HwNas.Core;

/// <summary>
/// Text from outside as people see it: control characters, which could move the cursor, hide what stands there or turn its
/// order round, become the escapes of JSON, so that JSON stays what it is.
/// </summary>
public static class VisibleText
{
    // Marks that turn the direction of the text after them, and separators of lines and paragraphs.
    private static readonly (char First, char Last)[] Reordering =
        [('\u061C', '\u061C'), ('\u200E', '\u200F'), ('\u2028', '\u202E'), ('\u2066', '\u2069')];

    /// <summary>A name, a path or a value: line breaks and tabs are made visible too.</summary>
    public static string OneLine(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Any(IsHidden)
            ? string.Concat(text.Select(letter => IsHidden(letter) ? Escape(letter) : letter.ToString()))
            : text;
    }

    /// <summary>All that is printed: line breaks and tabs stay.</summary>
    /// <param name="text">The text.</param>
    /// <param name="own">Sequences of the tool's own that stay as well.</param>
    public static string Lines(string text, params ReadOnlySpan<string> own)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!text.Any(letter => IsHidden(letter) && !IsLayout(letter)))
            return text;
        var shown = new StringBuilder(text.Length + 16);
        for (var i = 0; i < text.Length;)
        {
            var kept = KeptAt(text, i, own);
            shown.Append(kept > 0 ? text.Substring(i, kept) : Escape(text[i]));
            i += Math.Max(1, kept);
        }

        return shown.ToString();
    }

    /// <summary>
    /// A message of a program, which begins with its name. Its other lines are indented: a line break in a name from outside
    /// cannot make a message of its own.
    /// </summary>
    public static string Message(string program, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        for (var i = 1; i < lines.Length; i++)
        {
            if (!lines[i].StartsWith("  ", StringComparison.Ordinal))
                lines[i] = "  " + lines[i];
        }

        return $"{program}: {string.Join('\n', lines)}";
    }

    // How much of the text at a place stays as it is.
    private static int KeptAt(string text, int at, ReadOnlySpan<string> own)
    {
        if (IsLayout(text[at]) || !IsHidden(text[at]))
            return 1;
        foreach (var sequence in own)
        {
            if (string.CompareOrdinal(text, at, sequence, 0, sequence.Length) == 0)
                return sequence.Length;
        }

        return 0;
    }

    private static bool IsLayout(char letter) => letter is '\n' or '\t';

    private static bool IsHidden(char letter) =>
        char.IsControl(letter) || Reordering.Any(range => letter >= range.First && letter <= range.Last);

    private static string Escape(char letter) => letter switch
    {
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        _ => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}"),
    };
}
