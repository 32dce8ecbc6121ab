using System.Net;
using HwNas.Core;
using HwNas.Onnx.Foreign;

namespace HwNas.Remote.Agents;

/// <summary>How an agent is set up.</summary>
public sealed record AgentOptions
{
    /// <summary>The port, unless another is given.</summary>
    public const int DefaultPort = 8270;

    /// <summary>Where to listen; port 0 takes a free one. Default: this machine only.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, DefaultPort);

    /// <summary>What every request must carry.</summary>
    public required AgentToken Token { get; init; }

    /// <summary>Runs the models that are sent, in a process of their own.</summary>
    public required ForeignModels Models { get; init; }

    /// <summary>Folder of jobs, samples and records.</summary>
    public required string StateFolder { get; init; }

    /// <summary>Id of the device; null derives one from the processor's name.</summary>
    public string? DeviceId { get; init; }

    /// <summary>Bytes of one job at most. Default 1 GiB.</summary>
    public long MaxJobBytes { get; init; } = 1L << 30;

    /// <summary>Jobs that are kept at most. Default 20.</summary>
    public int MaxJobs { get; init; } = 20;

    /// <summary>Bytes of all kept jobs at most. Default 8 GiB.</summary>
    public long MaxStoredBytes { get; init; } = 8L << 30;

    /// <summary>Reads <c>HOST:PORT</c>, <c>HOST</c> or <c>PORT</c>; a host is an IP address or <c>localhost</c>.</summary>
    /// <exception cref="InputException">The text is none of them.</exception>
    public static IPEndPoint ParseListen(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (ushort.TryParse(text, out var port))
            return new IPEndPoint(IPAddress.Loopback, port);
        var address = text == "localhost" || text.StartsWith("localhost:", StringComparison.Ordinal)
            ? "127.0.0.1" + text["localhost".Length..]
            : text;
        if (IPAddress.TryParse(address, out var alone))
            return new IPEndPoint(alone, DefaultPort);
        return IPEndPoint.TryParse(address, out var both)
            ? both
            : throw new InputException(
                $"--listen {text}: give an IP address, a port, or both as in 192.168.1.20:{DefaultPort}. "
                + "0.0.0.0 listens on all networks.");
    }

    /// <exception cref="InputException">A limit is out of range.</exception>
    internal void Validate()
    {
        if (MaxJobBytes < 1 << 20 || MaxJobs is < 1 or > 10_000 || MaxStoredBytes < MaxJobBytes)
        {
            throw new InputException(
                $"Jobs of {MaxJobBytes} bytes, {MaxJobs} of them, {MaxStoredBytes} bytes together: "
                + "a job needs 1 MiB at least, 1 to 10000 are possible, and together they need room for one.");
        }
    }
}
