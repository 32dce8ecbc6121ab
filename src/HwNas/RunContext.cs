using HwNas.Onnx.Foreign;

namespace HwNas;

/// <summary>What the work on a run needs of the world.</summary>
public sealed record RunContext
{
    /// <summary>The clock.</summary>
#pragma warning disable RS0030 // Whoever uses the library in six lines means the real one.
    public TimeProvider Time { get; init; } = TimeProvider.System;
#pragma warning restore RS0030

    /// <summary>
    /// Hears what a user should know, a line each: that a search begins with what was known, that a file was mended.
    /// </summary>
    public Action<string> Notice { get; init; } = static _ => { };

    /// <summary>
    /// Runs models that may come from elsewhere in a process of its own; null runs them in this one, where a hostile model could
    /// take all memory or never end.
    /// </summary>
    public ForeignModels? Models { get; init; }

    /// <summary>Who works, as others read it who find the files in use.</summary>
    public string Worker { get; init; } = "a program with HwNas";
}

/// <summary>
/// The work was cancelled; the message says what is saved. The same call, with <c>Resume</c> where it has one, continues.
/// </summary>
/// <param name="message">What is saved.</param>
public sealed class InterruptedException(string message) : OperationCanceledException(message);
