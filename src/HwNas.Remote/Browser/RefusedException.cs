namespace HwNas.Remote.Browser;

/// <summary>A request that is refused; the page is told the status and the message.</summary>
internal sealed class RefusedException(int status, string message) : Exception(message)
{
    /// <summary>HTTP status.</summary>
    public int Status => status;
}
