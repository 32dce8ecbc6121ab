using System.Globalization;

namespace HwNas.Remote.Terminal;

/// <summary>
/// How many files the process may have open: .NET keeps its own parts open, and whatever fails first for want of them
/// says something else.
/// </summary>
public static class OpenFiles
{
    // Some 150 parts of the program, 256 connections of an agent, and what is read and written.
    private const int Needed = 512;

    private const string Limits = "/proc/self/limits", Field = "Max open files";

    /// <summary>What is wrong with the limit, and how to raise it; null where nothing is, or nobody knows.</summary>
    public static string? Problem() =>
        File.Exists(Limits)
        && File.ReadLines(Limits).FirstOrDefault(line => line.StartsWith(Field, StringComparison.Ordinal)) is { } line
            ? ProblemOf(line[Field.Length..])
            : null;

    // The limit, the highest that it could be raised to, the unit.
    private static string? ProblemOf(string figures) =>
        figures.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var soft, ..]
        && int.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit < Needed
            ? $"at most {limit} files may be open at once here, and {Needed} are needed. Raise the limit: ulimit -n {2 * Needed}"
            : null;
}
