using System.Text.RegularExpressions;

namespace HwNas.Native.Tests.Support;

/// <summary>What a terminal was sent.</summary>
internal static partial class TerminalText
{
    /// <summary>Its lines as they are seen, those that were drawn over too.</summary>
    public static IEnumerable<string> Lines(string sent) =>
        sent.Split('\r', '\n').Select(line => Control().Replace(line, "").TrimEnd());

    // What moves the cursor, clears and colours, and changes how keys and characters are sent.
    [GeneratedRegex(@"\e\[[0-9;?]*[A-Za-z]|\e\([A-Z]|\e[=>]|\a")]
    private static partial Regex Control();
}
