namespace HwNas.Remote.Agents;

/// <summary>An agent could not be reached, went away or fell silent: trying again may help.</summary>
internal sealed class ConnectionLostException(string message, Exception? inner = null) : Exception(message, inner);
