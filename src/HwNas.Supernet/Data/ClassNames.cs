using System.Collections.Immutable;
using System.Globalization;
using HwNas.Core;
using HwNas.Core.Files;

namespace HwNas.Supernet.Data;

/// <summary>The names of classes: a line each, in the order of labels.</summary>
internal static class ClassNames
{
    /// <summary>The most classes that a search space takes.</summary>
    public const int Most = 100_000;

    /// <summary>The names in a file; null where the file does not exist.</summary>
    /// <exception cref="InputException">The file cannot be read, or a name is there twice.</exception>
    public static ImmutableArray<string>? TryRead(string path)
    {
        if (!File.Exists(path))
            return null;
        var lines = StrictJson.ReadText(path).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return lines.CountBy(name => name).FirstOrDefault(pair => pair.Value > 1).Key is { } twice
            ? throw new InputException($"'{path}' has the class '{twice}' twice. Give each class a name of its own.")
            : [.. lines];
    }

    /// <summary>The labels themselves, where nothing names them.</summary>
    public static ImmutableArray<string> Numbers(int count) =>
        [.. Enumerable.Range(0, count).Select(label => label.ToString(CultureInfo.InvariantCulture))];
}
