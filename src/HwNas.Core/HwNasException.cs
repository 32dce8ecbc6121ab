namespace HwNas.Core;

/// <summary>The one family of errors that a caller can catch: the message says what, where and how to mend it.</summary>
public abstract class HwNasException : Exception
{
    /// <summary>Creates the error with its message and what caused it.</summary>
    protected HwNasException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}

/// <summary>Wrong input: a file, an option or a value that the user can mend. The command line exits with 2.</summary>
public sealed class InputException : HwNasException
{
    /// <summary>Creates the error with its message and what caused it.</summary>
    public InputException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}

/// <summary>
/// No network of the space keeps the budgets; the message holds the reachable range. The command line exits with 3.
/// </summary>
public sealed class InfeasibleBudgetException : HwNasException
{
    /// <summary>Creates the error with the reachable range in its message.</summary>
    public InfeasibleBudgetException(string message)
        : base(message)
    {
    }
}

/// <summary>
/// Something that this machine lacks (a native library, a data set); the message names the package to
/// install. The command line exits with 2.
/// </summary>
public sealed class MissingDependencyException : HwNasException
{
    /// <summary>Creates the error with its message and what caused it.</summary>
    public MissingDependencyException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
