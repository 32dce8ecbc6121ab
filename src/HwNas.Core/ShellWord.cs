namespace HwNas.Core;

/// <summary>A word of a command line as a shell takes it, for commands that users can copy.</summary>
public static class ShellWord
{
    /// <summary>The word, in quotes where it needs them.</summary>
    public static string Of(string word)
    {
        ArgumentNullException.ThrowIfNull(word);
        return word.Length > 0 && word.All(c => PlainName.IsPlain(c) || "/:=,@%+".Contains(c, StringComparison.Ordinal))
            ? word
            : $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";
    }
}
