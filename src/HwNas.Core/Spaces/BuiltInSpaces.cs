using System.Collections.Immutable;

namespace HwNas.Core.Spaces;

/// <summary>The search spaces that ship with HwNas, as JSON inside the assembly.</summary>
public static class BuiltInSpaces
{
    private const string Suffix = ".json";

    /// <summary>Their names, in ordinal order.</summary>
    public static ImmutableArray<string> Names { get; } =
    [
        .. typeof(BuiltInSpaces).Assembly.GetManifestResourceNames()
            .Where(name => name.EndsWith(Suffix, StringComparison.Ordinal))
            .Select(name => name[..^Suffix.Length])
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The JSON text of a built-in space; null where there is none of that name.</summary>
    public static string? TryReadText(string name)
    {
        using var stream = typeof(BuiltInSpaces).Assembly.GetManifestResourceStream(name + Suffix);
        if (stream is null)
            return null;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
