namespace HwNas.Remote.Agents;

/// <summary>How long a client waits for an agent, and how often it tries again.</summary>
public sealed record AgentPatience
{
    /// <summary>How long an agent may say nothing; one that measures says something twice a second. Default 30 s.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Attempts in a row without any progress. Default 8, which with the pauses is about a minute.</summary>
    public int Attempts { get; init; } = 8;

    /// <summary>The first pause; each is twice as long as the one before, up to 15 s. Default 1 s.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The pause after so many failures.</summary>
    internal TimeSpan Pause(int failures) =>
        TimeSpan.FromSeconds(Math.Min(15, FirstPause.TotalSeconds * Math.Pow(2, failures - 1)));
}
