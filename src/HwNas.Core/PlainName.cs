namespace HwNas.Core;

/// <summary>
/// Names that users give, of spaces and of searches. They become parts of paths, so they hold nothing that a path or a shell
/// would understand.
/// </summary>
public static class PlainName
{
    /// <summary>No name is longer.</summary>
    public const int MaxLength = 64;

    /// <summary>What is wrong with a name; null where nothing is.</summary>
    /// <param name="what">What is named so, such as <c>--name</c>.</param>
    /// <param name="name">The name.</param>
    public static string? Problem(string what, string? name) =>
        name is { Length: > 0 and <= MaxLength } && name.All(IsPlain) && char.IsAsciiLetterOrDigit(name[0])
            ? null
            : $"{what}: '{name}' must be 1 to {MaxLength} letters, digits, '-', '.' or '_', the first a letter or digit";

    /// <summary>Whether names may hold a character.</summary>
    public static bool IsPlain(char character) => char.IsAsciiLetterOrDigit(character) || character is '-' or '.' or '_';
}
