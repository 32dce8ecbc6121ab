using System.Text;
using System.Text.Json;
using HwNas.Core;
using HwNas.Core.Files;

namespace HwNas.Supernet.Training;

/// <summary>A line of a training's course.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="LargestLoss">Loss of the largest subnet.</param>
/// <param name="SmallestLoss">Loss of the smallest one.</param>
/// <param name="LearningRate">Learning rate of the step.</param>
/// <param name="ImagesPerSecond">Images through the whole sandwich per second, since the start or resume.</param>
/// <param name="Seconds">Time of training so far, over all processes that it ran in; what a kill lost does not count.</param>
/// <param name="Accuracy">How accurate the ends of the space were; null where that was not looked at.</param>
/// <param name="RandomLoss">The mean loss of the random subnets; null where there was none, or it was not written down.</param>
public sealed record TrainingMetric(
    int Step, double LargestLoss, double SmallestLoss, double LearningRate, double ImagesPerSecond, double Seconds,
    CheckedAccuracy? Accuracy = null, double? RandomLoss = null);

/// <summary>
/// A training's course as a file of JSON lines (<c>metrics.jsonl</c>). A training that continues from a checkpoint takes
/// the steps after it again, so their lines go first: each step is there once.
/// </summary>
public sealed class TrainingMetrics : IDisposable
{
    private readonly FileStream _stream;
    private readonly double _secondsBefore;

    private TrainingMetrics(FileStream stream, double secondsBefore)
    {
        _stream = stream;
        _secondsBefore = secondsBefore;
    }

    /// <summary>Opens the file of a training that continues after a step; 0 begins one.</summary>
    /// <exception cref="InputException">It cannot be read or written.</exception>
    public static TrainingMetrics Open(string path, int step)
    {
        var kept = Read(path).Where(metric => metric.Step <= step).ToList();
        AtomicFile.WriteText(path, string.Concat(kept.Select(Line)));
        try
        {
            return new TrainingMetrics(
                new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0),
                kept.Count > 0 ? kept[^1].Seconds : 0);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"Cannot write '{path}': {error.Message}", error);
        }
    }

    /// <summary>Reads a file; none where it is missing. A last line that was being written is left out.</summary>
    /// <exception cref="InputException">A line before the last is malformed.</exception>
    public static IReadOnlyList<TrainingMetric> Read(string path)
    {
        if (!File.Exists(path))
            return [];
        var lines = StrictJson.ReadText(path).Split('\n')[..^1];
        return [.. lines.Select((line, i) => Parse(line, $"{path}, line {i + 1}"))];
    }

    /// <summary>Adds a line, with the time of this process that it stands for.</summary>
    public void Append(TrainingMetric metric)
    {
        ArgumentNullException.ThrowIfNull(metric);
        _stream.Write(Encoding.UTF8.GetBytes(Line(metric with { Seconds = Math.Round(_secondsBefore + metric.Seconds, 3) })));
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _stream.Dispose();

    private static string Line(TrainingMetric metric) => JsonSerializer.Serialize(metric, StrictJson.LineOptions) + "\n";

    // Files of earlier versions do not say the time, the accuracy, nor the random subnets' loss.
    private static TrainingMetric Parse(string line, string origin)
    {
        var document = StrictJson.ParseObject(line, origin);
        document.TryAdd("seconds", 0);
        document.TryAdd("accuracy", null);
        document.TryAdd("random_loss", null);
        return StrictJson.Deserialize<TrainingMetric>(document, origin);
    }
}
