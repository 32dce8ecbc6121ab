namespace HwNas.Remote.Agents;

/// <summary>An agent could not be reached, went away or fell silent: trying again may help.</summary>
internal sealed class ConnectionLostException(string message, Exception? inner = null, bool gotOn = false) : Exception(message, inner)
{
    /// <summary>Whether it had measured something before.</summary>
    public bool GotOn => gotOn;
}
