namespace HwNas.Core;

/// <summary>What the system says of an error, as a sentence that another can follow.</summary>
public static class Sentence
{
    /// <summary>The message, with a full stop where it lacks one.</summary>
    public static string Of(Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return error.Message.TrimEnd() is [.., not ('.' or '!' or '?')] text ? text + "." : error.Message;
    }
}
