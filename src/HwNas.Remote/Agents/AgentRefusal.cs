namespace HwNas.Remote.Agents;

/// <summary>A request that the agent does not fulfil; the message goes to the client.</summary>
internal sealed class AgentRefusal(int status, string message) : Exception(message)
{
    /// <summary>The HTTP status code.</summary>
    public int Status => status;
}
