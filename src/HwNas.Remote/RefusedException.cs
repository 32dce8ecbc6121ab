namespace HwNas.Remote;

/// <summary>A request that is not fulfilled; whoever asked is told the status and the message.</summary>
internal sealed class RefusedException(int status, string message) : Exception(message)
{
    /// <summary>The HTTP status code.</summary>
    public int Status => status;
}
