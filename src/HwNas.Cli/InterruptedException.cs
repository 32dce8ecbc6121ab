namespace HwNas.Cli;

/// <summary>Ctrl-C: the state is saved, and the message says how to resume.</summary>
internal sealed class InterruptedException(string message) : OperationCanceledException(message);
