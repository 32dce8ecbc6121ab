using System.Text;
using System.Text.Json;
using HwNas.Core.Files;

namespace HwNas.Core.Search;

/// <summary>Where a search stood after a batch.</summary>
/// <param name="Evaluations">Distinct genomes evaluated so far.</param>
/// <param name="FrontSize">Members of the front.</param>
/// <param name="Hypervolume">Hypervolume of the front; null where it is not computed.</param>
/// <param name="ElapsedSeconds">Time of searching so far, over all processes that the search ran in.</param>
public sealed record SearchMetric(int Evaluations, int FrontSize, double? Hypervolume, double ElapsedSeconds)
{
    internal bool IsSameState(SearchMetric other) => this with { ElapsedSeconds = 0 } == other with { ElapsedSeconds = 0 };
}

/// <summary>
/// A search's course as a file of JSON lines, one a batch (<c>search.metrics.jsonl</c>). A resumed search replays its
/// batches: those that the file has are left as they are, so that it ends as if the search had never been interrupted.
/// </summary>
public sealed class SearchMetrics : IProgress<SearchProgress>, IDisposable
{
    private readonly FileStream _stream;
    private readonly Queue<Line> _replayed;
    private double _secondsBefore;

    private SearchMetrics(FileStream stream, Queue<Line> replayed)
    {
        _stream = stream;
        _replayed = replayed;
    }

    /// <summary>Opens the file of a search to go on with, or begins one.</summary>
    /// <exception cref="InputException">The file is no such file before its last line, is in use,
    /// or cannot be written.</exception>
    public static SearchMetrics Open(string path)
    {
        var (lines, length) = File.Exists(path) ? Parse(StrictJson.ReadText(path), path) : ([], 0);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, bufferSize: 0);
            // A last line that was being written when the process ended is written anew.
            stream.SetLength(length);
            stream.Seek(0, SeekOrigin.End);
            return new SearchMetrics(stream, new Queue<Line>(lines));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"Cannot use '{path}': {error.Message}", error);
        }
    }

    /// <summary>Reads a file; a last line that was being written is left out.</summary>
    /// <exception cref="InputException">The file is missing, or a line before the last is malformed.</exception>
    public static IReadOnlyList<SearchMetric> Read(string path) =>
        [.. Parse(StrictJson.ReadText(path), path).Lines.Select(line => line.Metric)];

    /// <summary>Adds a line, unless the file has it from before.</summary>
    public void Report(SearchProgress value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var metric = new SearchMetric(
            value.Evaluations, value.FrontSize, value.Hypervolume, Math.Round(_secondsBefore + value.Elapsed.TotalSeconds, 3));
        if (_replayed.TryDequeue(out var before))
        {
            if (before.Metric.IsSameState(metric))
            {
                // What follows took its time after this.
                _secondsBefore = Math.Max(0, before.Metric.ElapsedSeconds - value.Elapsed.TotalSeconds);
                return;
            }

            // With more evaluations than before, a strategy may go another way.
            _stream.SetLength(before.Start);
            _stream.Seek(0, SeekOrigin.End);
            _replayed.Clear();
        }

        _stream.Write(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(metric, StrictJson.LineOptions) + "\n"));
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _stream.Dispose();

    // The whole lines, and the number of bytes up to the end of the last.
    private static (List<Line> Lines, long Length) Parse(string text, string path)
    {
        var lines = new List<Line>();
        var (start, bytes) = (0, 0L);
        for (var end = text.IndexOf('\n'); end >= 0; end = text.IndexOf('\n', start))
        {
            var content = text[start..end];
            lines.Add(new Line(bytes, StrictJson.Deserialize<SearchMetric>(
                StrictJson.ParseObject(content, $"{path}, line {lines.Count + 1}"), $"{path}, line {lines.Count + 1}")));
            bytes += Encoding.UTF8.GetByteCount(content) + 1;
            start = end + 1;
        }

        return (lines, bytes);
    }

    private sealed record Line(long Start, SearchMetric Metric);
}
