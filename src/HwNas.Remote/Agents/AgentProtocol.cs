using HwNas.Core;
using HwNas.Core.Devices;
using HwNas.Core.Devices.Measurement;
using HwNas.Core.Files;

namespace HwNas.Remote.Agents;

/// <summary>
/// What agent and workstation say to each other over HTTP. Every request carries the token, and both sides name the
/// version of the protocol in every message:
/// <code>
/// GET    /info               who the device is                                        AgentInfo
/// GET    /jobs/HASH          200 if the agent has the job, 404 if not
/// PUT    /jobs/HASH          takes the job: a kit
/// POST   /jobs/HASH/run      measures, or follows what is measured already            AgentEvent, a line each
/// GET    /jobs/HASH/record   the finished measurement                                 MeasurementRecord
/// DELETE /jobs/HASH/record   forgets it with its samples: the next run begins afresh
/// </code>
/// Refusals are plain text that says what to do: 400, 401 (token), 404, 409 (busy, and with whom), 413 (too large), 507 (full).
/// </summary>
internal static class AgentProtocol
{
    /// <summary>The version; it changes with every change of a message or of a file that travels.</summary>
    public const string Version = "1";

    public const string VersionHeader = "HwNas-Protocol";

    /// <summary>Names the client, so that others can be told with whom an agent is busy.</summary>
    public const string ClientHeader = "HwNas-Client";

    public const int MaxClientName = 64;

    /// <summary>Bytes of one line of a progress stream, and of a refusal, at most.</summary>
    public const int MaxLineBytes = 8 << 10;

    public const int MaxInfoBytes = 64 << 10;

    private const int MaxShown = 1000;

    /// <summary>
    /// How often a followed measurement says where it is; so nobody need wait long to know that an agent is gone.
    /// </summary>
    public static readonly TimeSpan EventEvery = TimeSpan.FromMilliseconds(500);

    /// <summary>Whether the text can be the hash of a job; only such texts become names of folders.</summary>
    public static bool IsHash(string? text) => text is { Length: 64 } && text.All(char.IsAsciiHexDigitLower);

    /// <summary>A text from the other side that may be shown: one line, not too long.</summary>
    public static string Shown(string text) =>
        VisibleText.OneLine(text[..Math.Min(text.Length, MaxShown)].ReplaceLineEndings(" "));
}

/// <summary>Who an agent is.</summary>
public sealed record AgentInfo
{
    /// <summary>The schema of this message.</summary>
    public const string CurrentSchema = "hwnas/agent-info/1";

    /// <summary>Always <see cref="CurrentSchema"/>.</summary>
    public string Schema { get; init; } = CurrentSchema;

    /// <summary>The agent's version of HwNas.</summary>
    public required string ToolVersion { get; init; }

    /// <summary>The device.</summary>
    public required DeviceDescription Device { get; init; }

    /// <summary>Version of its ONNX Runtime.</summary>
    public required string RuntimeVersion { get; init; }

    /// <summary>What it is busy with, for people; empty if it is free.</summary>
    public required string BusyWith { get; init; }

    /// <summary>Hash over the canonical form; set when written.</summary>
    public string Hash { get; init; } = "";

    internal static AgentInfo Parse(string json, string origin) => StrictJson.Parse<AgentInfo>(json, CurrentSchema, origin);
}

/// <summary>How a followed measurement stands.</summary>
internal enum AgentState
{
    Running,

    /// <summary>The record can be fetched.</summary>
    Done,

    /// <summary>It cannot be measured; asking again will not help.</summary>
    Failed,

    /// <summary>The agent is stopping, or has given the device to somebody else; what was measured is kept.</summary>
    Stopped,
}

/// <summary>A line of a progress stream.</summary>
internal sealed record AgentEvent(
    AgentState State, string Stage, int Passes, double ElapsedSeconds, double AtMostSeconds, string Error)
{
    private const double MaxSeconds = 1e8;

    public MeasurementProgress ToProgress() =>
        new(Stage, Passes, TimeSpan.FromSeconds(ElapsedSeconds), TimeSpan.FromSeconds(AtMostSeconds));

    public bool IsPlausible() =>
        Stage is { Length: <= 32 } && Stage.All(letter => char.IsAsciiLetterLower(letter) || letter == '-')
            && Passes >= 0
            && ElapsedSeconds is >= 0 and < MaxSeconds
            && AtMostSeconds is >= 0 and < MaxSeconds
            && Error is not null;
}
