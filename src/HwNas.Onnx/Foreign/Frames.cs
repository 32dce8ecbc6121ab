using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using HwNas.Core.Devices.Measurement;
using HwNas.Core.Files;

namespace HwNas.Onnx.Foreign;

/// <summary>What the two processes say to each other.</summary>
internal enum FrameKind : byte
{
    /// <summary>To the child: what to do, a <see cref="ForeignRequest"/>.</summary>
    Request,

    /// <summary>To the child: stop between two passes.</summary>
    Stop,

    /// <summary>Images to the child, logits from it: 32-bit floats.</summary>
    Values,

    /// <summary>From the child: a <see cref="ForeignProgress"/>.</summary>
    Progress,

    /// <summary>From the child: a text for people.</summary>
    Note,

    /// <summary>From the child: the lengths of input and output of one batch.</summary>
    Shape,

    /// <summary>From the child, last: the measurement.</summary>
    Record,

    /// <summary>From the child, last: it was stopped.</summary>
    Stopped,

    /// <summary>From the child, last: what is wrong with the models.</summary>
    Refused,

    /// <summary>From the child, last: a fault of the tool.</summary>
    Fault,
}

/// <summary>What the child is to do: measure a kit, or open one model and run it on what comes.</summary>
internal sealed record ForeignRequest(
    string Path, string Origin, string? Device, string? Journal, RuntimeRequest? Runtime, double StepSeconds, long MaxBytes);

/// <summary>How far a measurement has come.</summary>
internal sealed record ForeignProgress(string Stage, int Passes, double ElapsedSeconds, double AtMostSeconds);

/// <summary>Lengths of one batch, and whether it is of bytes.</summary>
internal sealed record ForeignShape(int Input, int Output, bool TakesPixels);

/// <summary>Messages over a pipe: a byte for the kind, four for the length, the content.</summary>
internal sealed class Frames(Stream from, Stream to)
{
    private const int HeadBytes = 5;

    // The largest tensor that a session takes.
    private const int MaxBytes = 1 << 30;

    private readonly Lock _gate = new();

    /// <summary>Writes a message whole; safe from several threads.</summary>
    public void Write(FrameKind kind, ReadOnlySpan<byte> content)
    {
        Span<byte> head = stackalloc byte[HeadBytes];
        head[0] = (byte)kind;
        BinaryPrimitives.WriteInt32LittleEndian(head[1..], content.Length);
        lock (_gate)
        {
            to.Write(head);
            to.Write(content);
            to.Flush();
        }
    }

    public void WriteJson<T>(FrameKind kind, T content) =>
        Write(kind, JsonSerializer.SerializeToUtf8Bytes(content, StrictJson.LineOptions));

    public void Write(ReadOnlySpan<float> values) => Write(FrameKind.Values, MemoryMarshal.AsBytes(values));

    /// <summary>The next message; null where the other side is gone, or what it says is none.</summary>
    public (FrameKind Kind, byte[] Content)? Read()
    {
        Span<byte> head = stackalloc byte[HeadBytes];
        try
        {
            if (from.ReadAtLeast(head, HeadBytes, throwOnEndOfStream: false) < HeadBytes)
                return null;
            var length = BinaryPrimitives.ReadInt32LittleEndian(head[1..]);
            if (length is < 0 or > MaxBytes)
                return null;
            var content = new byte[length];
            return from.ReadAtLeast(content, length, throwOnEndOfStream: false) == length ? ((FrameKind)head[0], content) : null;
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            return null;
        }
    }

    public static T Parse<T>(byte[] content) => JsonSerializer.Deserialize<T>(content, StrictJson.LineOptions)!;

    public static float[] Floats(byte[] content) => MemoryMarshal.Cast<byte, float>(content).ToArray();
}
