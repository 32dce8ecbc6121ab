using System.Text;

namespace HwNas.Core.Files;

/// <summary>
/// An append-only file of records. Each line is a checksum, a space and one JSON record, a header first. The checksum
/// covers the line before as well, so that lost, changed and moved lines are found. A record is handed to the operating
/// system at once, hence outlives a kill of the process; it is flushed to the disk about once a second and on disposal.
/// </summary>
internal sealed class ChainedLog : IDisposable
{
    private const int ChecksumLength = 16;
    private static readonly TimeSpan FlushInterval = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly FileStream _stream;
    private readonly string _kind;
    private readonly TimeProvider _time;
    private string _checksum;
    private long _lastFlush;

    private ChainedLog(FileStream stream, string kind, TimeProvider time, List<Record> records)
    {
        _kind = kind;
        _stream = stream;
        _time = time;
        _lastFlush = time.GetTimestamp();
        _checksum = records[^1].Checksum;
        Records = records;
    }

    /// <summary>A record with the checksum of the file up to and with it.</summary>
    public sealed record Record(string Json, string Checksum);

    /// <summary>The records that the file held when it was opened, the header first.</summary>
    public IReadOnlyList<Record> Records { get; }

    /// <summary>What was dropped from the end of the file, readable; null if nothing was.</summary>
    public string? Notice { get; private init; }

    /// <summary>Starts a file, or opens one to go on with it. No other process can open it meanwhile.</summary>
    /// <param name="path">The file.</param>
    /// <param name="kind">What it is, for messages.</param>
    /// <param name="header">The header of a new file.</param>
    /// <param name="time">Times the flushes to disk.</param>
    /// <exception cref="InputException">The file is empty, damaged before its last record, in use,
    /// or cannot be written.</exception>
    public static ChainedLog Open(string path, string kind, string header, TimeProvider time)
    {
        if (!File.Exists(path))
            Write(path, [header]);
        FileStream? stream = null;
        try
        {
            // Without a buffer: a record that was appended is the operating system's, whatever becomes of this process.
            stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            return Read(stream, path, kind, time);
        }
        catch (Exception error)
        {
            stream?.Dispose();
            if (error is IOException or UnauthorizedAccessException)
            {
                throw new InputException(
                    $"Cannot use the {kind} '{path}': {Sentence.Of(error)} If another process is using it, "
                    + "wait or choose another one.",
                    error);
            }

            throw;
        }
    }

    /// <summary>The header of a file, which stays as it is.</summary>
    /// <exception cref="InputException">The file is missing, or damaged there.</exception>
    public static string HeaderOf(string path, string kind)
    {
        using var reader = new StreamReader(InputFile.Open(path));
        return Verified(reader.ReadLine() ?? "", previousChecksum: "")?.Json
            ?? throw new InputException($"The {kind} '{path}' is damaged at line 1: its checksum does not match.");
    }

    /// <summary>Writes a whole file at once.</summary>
    /// <param name="path">The file.</param>
    /// <param name="records">The header and the records.</param>
    /// <exception cref="InputException">It cannot be written.</exception>
    public static void Write(string path, IEnumerable<string> records) => AtomicFile.Write(path, file =>
    {
        using var writer = new StreamWriter(file, leaveOpen: true);
        var checksum = "";
        foreach (var record in records)
        {
            checksum = Checksum(checksum, record);
            writer.Write($"{checksum} {record}\n");
        }
    });

    /// <summary>Adds a record; safe from several threads.</summary>
    /// <exception cref="InputException">It cannot be written; what was written before stays.</exception>
    public void Append(string json)
    {
        lock (_lock)
        {
            var end = _stream.Position;
            try
            {
                Append(Checksum(_checksum, json), json);
            }
            catch (IOException error)
            {
                // What is written in part would hide what follows.
                _stream.SetLength(end);
                throw new InputException(
                    $"Cannot write to the {_kind} '{_stream.Name}': {Sentence.Of(error)} Make room, then continue: "
                    + "what it holds is kept.",
                    error);
            }
        }
    }

    private void Append(string checksum, string json)
    {
        _stream.Write(Encoding.UTF8.GetBytes($"{checksum} {json}\n"));
        _checksum = checksum;
        if (_time.GetElapsedTime(_lastFlush) < FlushInterval)
            return;
        _stream.Flush(flushToDisk: true);
        _lastFlush = _time.GetTimestamp();
    }

    /// <summary>Flushes to disk and closes the file.</summary>
    public void Dispose()
    {
        using (_stream)
        {
            if (_stream.CanWrite)
                _stream.Flush(flushToDisk: true);
        }
    }

    private static ChainedLog Read(FileStream stream, string path, string kind, TimeProvider time)
    {
        if (stream.Length > int.MaxValue)
            throw new InputException($"The {kind} '{path}' has {stream.Length} bytes; at most {int.MaxValue} are read.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);

        var records = new List<Record>();
        var start = 0;
        while (start < bytes.Length)
        {
            var length = bytes.AsSpan(start).IndexOf((byte)'\n');
            var record = length < 0
                ? null
                : Verified(Encoding.UTF8.GetString(bytes, start, length), records.Count > 0 ? records[^1].Checksum : "");
            if (record is null)
            {
                var isLast = length < 0 || start + length + 1 == bytes.Length;
                if (records.Count == 0 || !isLast)
                {
                    throw new InputException(
                        $"The {kind} '{path}' is damaged at line {records.Count + 1}: its checksum does not match. "
                        + "Restore it from a copy, or cut it before that line; what follows is made anew.");
                }

                break;
            }

            records.Add(record);
            start += length + 1;
        }

        if (records.Count == 0)
            throw new InputException($"The {kind} '{path}' is empty. Delete it to start anew.");
        var dropped = bytes.Length - start;
        if (dropped > 0)
            stream.SetLength(start);
        stream.Seek(start, SeekOrigin.Begin);
        return new ChainedLog(stream, kind, time, records)
        {
            Notice = dropped > 0
                ? $"The last record of '{path}' was incomplete ({Plural.Of(dropped, "byte")}) and was dropped; it is made anew."
                : null,
        };
    }

    private static Record? Verified(string line, string previousChecksum)
    {
        if (line.Length <= ChecksumLength + 1 || line[ChecksumLength] != ' ')
            return null;
        var record = new Record(line[(ChecksumLength + 1)..], line[..ChecksumLength]);
        return record.Checksum == Checksum(previousChecksum, record.Json) ? record : null;
    }

    private static string Checksum(string previous, string json) => ContentHash.OfText($"{previous} {json}")[..ChecksumLength];
}
