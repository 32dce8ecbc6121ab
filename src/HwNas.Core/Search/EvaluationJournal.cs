using System.Text;
using System.Text.Json;
using HwNas.Core.Files;
using HwNas.Core.SearchSpaces;

namespace HwNas.Core.Search;

/// <summary>
/// An append-only file of evaluations, by which a killed search continues. Each line is a checksum, a space and one
/// JSON record, the header first. The checksum covers the line before as well, so that lost, changed and moved lines
/// are found. A record is handed to the operating system before the strategy hears of it, hence outlives a kill of
/// the process; it is flushed to the disk about once a second and on disposal.
/// </summary>
public sealed class EvaluationJournal : IDisposable
{
    /// <summary>Name and version of the file format.</summary>
    public const string Schema = "hwnas/search-journal/2";

    private const int ChecksumLength = 16;
    private static readonly TimeSpan FlushInterval = TimeSpan.FromSeconds(1);

    private readonly Dictionary<Genome, double[]?> _recorded = [];
    private readonly Lock _lock = new();
    private readonly FileStream _stream;
    private readonly TimeProvider _time;
    private string _checksum;
    private long _lastFlush;

    private EvaluationJournal(FileStream stream, string checksum, TimeProvider time)
    {
        _stream = stream;
        _checksum = checksum;
        _time = time;
        _lastFlush = time.GetTimestamp();
    }

    /// <summary>Number of evaluations that the file held when it was opened.</summary>
    public int Recorded => _recorded.Count;

    /// <summary>What was dropped from the end of the file, readable; null if nothing was.</summary>
    public string? Notice { get; private init; }

    /// <summary>Starts a journal, or opens one to continue the search.</summary>
    /// <param name="path">The file.</param>
    /// <param name="header">The search that it must belong to.</param>
    /// <param name="space">Reads its genomes.</param>
    /// <param name="time">Times the flushes to disk.</param>
    /// <exception cref="InputException">The file belongs to another search, is damaged before its last record, is in use, or cannot be written.</exception>
    public static EvaluationJournal Open(string path, JournalHeader header, GenomeSpace space, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        if (!File.Exists(path))
        {
            var text = JsonSerializer.Serialize(header, StrictJson.LineOptions);
            AtomicFile.WriteText(path, $"{Checksum("", text)} {text}\n");
        }

        FileStream? stream = null;
        try
        {
            // Without a buffer: a record that was appended is the operating system's, whatever becomes of this process.
            stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            return Read(stream, path, header, space, time);
        }
        catch (Exception error)
        {
            stream?.Dispose();
            if (error is IOException or UnauthorizedAccessException)
                throw new InputException($"Cannot use the journal '{path}': {error.Message} If another search is running on it, wait or choose another file.", error);
            throw;
        }
    }

    /// <summary>The recorded values of a genome; null for an invalid network.</summary>
    public bool TryGet(Genome genome, out double[]? measured) => _recorded.TryGetValue(genome, out measured);

    /// <summary>Adds an evaluation; safe from several threads.</summary>
    /// <param name="genome">The network.</param>
    /// <param name="measured">Its measured metrics; null if it is no valid network.</param>
    public void Append(Genome genome, double[]? measured)
    {
        ArgumentNullException.ThrowIfNull(genome);
        var text = JsonSerializer.Serialize(new Record(genome.ToString(), measured), StrictJson.LineOptions);
        lock (_lock)
        {
            _checksum = Checksum(_checksum, text);
            _stream.Write(Encoding.UTF8.GetBytes($"{_checksum} {text}\n"));
            if (_time.GetElapsedTime(_lastFlush) < FlushInterval)
                return;
            _stream.Flush(flushToDisk: true);
            _lastFlush = _time.GetTimestamp();
        }
    }

    /// <summary>Flushes to disk and closes the file.</summary>
    public void Dispose()
    {
        if (_stream.CanWrite)
            _stream.Flush(flushToDisk: true);
        _stream.Dispose();
    }

    private static EvaluationJournal Read(FileStream stream, string path, JournalHeader wanted, GenomeSpace space, TimeProvider time)
    {
        if (stream.Length > int.MaxValue)
            throw new InputException($"The journal '{path}' has {stream.Length} bytes; at most {int.MaxValue} are read.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);

        var recorded = new List<(Genome Genome, double[]? Measured)>();
        var (checksum, start, line) = ("", 0, 1);
        for (; start < bytes.Length; line++)
        {
            var length = bytes.AsSpan(start).IndexOf((byte)'\n');
            var text = length < 0 ? null : Verified(Encoding.UTF8.GetString(bytes, start, length), checksum);
            if (text is null)
            {
                var isLast = length < 0 || start + length + 1 == bytes.Length;
                if (line == 1 || !isLast)
                    throw new InputException($"The journal '{path}' is damaged at line {line}: its checksum does not match. Restore it from a copy, or cut it before that line; what follows is evaluated anew.");
                break;
            }

            if (line == 1)
                CheckHeader(text, path, wanted);
            else
                recorded.Add(Parse(text, path, line, wanted, space));
            checksum = Checksum(checksum, text);
            start += length + 1;
        }

        if (line == 1)
            throw new InputException($"The journal '{path}' is empty. Delete it to start anew.");

        var dropped = bytes.Length - start;
        if (dropped > 0)
            stream.SetLength(start);
        stream.Seek(start, SeekOrigin.Begin);
        var journal = new EvaluationJournal(stream, checksum, time)
        {
            Notice = dropped > 0 ? $"The last record of '{path}' was incomplete ({dropped} bytes) and was dropped; it is evaluated anew." : null,
        };
        foreach (var (genome, measured) in recorded)
            journal._recorded[genome] = measured;
        return journal;
    }

    // The JSON of a line if its checksum matches.
    private static string? Verified(string line, string previousChecksum) =>
        line.Length > ChecksumLength + 1 && line[ChecksumLength] == ' ' && line[..ChecksumLength] == Checksum(previousChecksum, line[(ChecksumLength + 1)..])
            ? line[(ChecksumLength + 1)..]
            : null;

    private static string Checksum(string previous, string text) => ContentHash.OfText($"{previous} {text}")[..ChecksumLength];

    private static void CheckHeader(string text, string path, JournalHeader wanted)
    {
        var differences = StrictJson.Parse<JournalHeader>(text, Schema, path).DifferencesFrom(wanted).ToList();
        if (differences.Count > 0)
            throw new InputException($"The journal '{path}' belongs to another search ({string.Join("; ", differences)}). Repeat that search, or choose another file.");
    }

    private static (Genome, double[]?) Parse(string text, string path, int line, JournalHeader header, GenomeSpace space)
    {
        var record = StrictJson.Deserialize<Record>(StrictJson.ParseObject(text, path), $"{path}, line {line}");
        if (record.Measured is not null && record.Measured.Length != header.Measured.Length)
            throw new InputException($"'{path}', line {line}: {record.Measured.Length} values for {header.Measured.Length} metrics.");
        return (space.Parse(record.Genome), record.Measured);
    }

    private sealed record Record(string Genome, double[]? Measured);
}
