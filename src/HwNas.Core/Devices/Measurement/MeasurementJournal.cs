using System.Text.Json;
using HwNas.Core.Files;

namespace HwNas.Core.Devices.Measurement;

/// <summary>First line of a journal: what was measured, in which order its numbers stand.</summary>
/// <param name="Schema">Always <see cref="MeasurementJournal.Schema"/>.</param>
/// <param name="Job">Hash of the job.</param>
/// <param name="Fingerprint">Of the device and the runtime: their samples are not mixed with others'.</param>
/// <param name="Models">Number of models, and so of times in each pass.</param>
public sealed record MeasurementJournalHeader(string Schema, string Job, string Fingerprint, int Models)
{
    /// <summary>The header of a job on a device and a runtime.</summary>
    public static MeasurementJournalHeader Of(MeasurementJob job, DeviceDescription device, RuntimeKey runtime)
    {
        ArgumentNullException.ThrowIfNull(job);
        ArgumentNullException.ThrowIfNull(device);
        return new MeasurementJournalHeader(
            MeasurementJournal.Schema, job.Hash, ContentHash.OfText($"{device.Id}\n{device.CpuModel}\n{device.Os}\n{runtime}"), job.Models.Length);
    }
}

/// <summary>
/// The raw samples of a measurement, a line for each pass, written as they come: a killed measurement continues
/// from here, and afterwards it is the profile's side file. Times are whole nanoseconds; −1 marks a disturbed sample.
/// </summary>
public sealed class MeasurementJournal : IDisposable
{
    /// <summary>The schema of the first line.</summary>
    public const string Schema = "hwnas/measurement-journal/1";

    private readonly StreamWriter _writer;
    private readonly List<MeasuredPass> _replay;

    private MeasurementJournal(StreamWriter writer, List<MeasuredPass> replay)
    {
        _writer = writer;
        _replay = replay;
    }

    /// <summary>Opens a journal: continues the one at <paramref name="path"/> if it belongs to the same measurement, else begins anew.</summary>
    /// <exception cref="InputException">The file cannot be written, or is no journal.</exception>
    public static MeasurementJournal Open(string path, MeasurementJournalHeader header)
    {
        ArgumentNullException.ThrowIfNull(header);
        try
        {
            var passes = File.Exists(path) ? Read(path, header) : null;
            // Written anew rather than appended to: a torn last line disappears.
            Write(path, header, passes ?? []);
            var stream = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read);
            return new MeasurementJournal(new StreamWriter(stream), passes ?? []);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"Cannot write the journal '{path}': {error.Message}", error);
        }
    }

    /// <summary>Writes the raw samples of a measurement that came from elsewhere, as the side file of its profile.</summary>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void Write(string path, MeasurementRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        Write(path, MeasurementJournalHeader.Of(record.Job, record.Device, record.Runtime), record.Passes);
    }

    /// <summary>The passes of the interrupted measurement.</summary>
    public IReadOnlyList<MeasuredPass> Replay => _replay;

    /// <summary>Adds a pass. A kill loses at most the last lines, which were not flushed yet.</summary>
    public void Append(MeasuredPass pass) => _writer.WriteLine(JsonSerializer.Serialize(pass, StrictJson.LineOptions));

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();

    private static void Write(string path, MeasurementJournalHeader header, IEnumerable<MeasuredPass> passes) => AtomicFile.Write(path, file =>
    {
        using var writer = new StreamWriter(file, leaveOpen: true);
        writer.WriteLine(JsonSerializer.Serialize(header, StrictJson.LineOptions));
        foreach (var pass in passes)
            writer.WriteLine(JsonSerializer.Serialize(pass, StrictJson.LineOptions));
    });

    // Null if the journal belongs to another measurement.
    private static List<MeasuredPass>? Read(string path, MeasurementJournalHeader expected)
    {
        var lines = StrictJson.ReadText(path).Split('\n');
        var header = StrictJson.Parse<MeasurementJournalHeader>(lines[0], Schema, path);
        if (header != expected)
            return null;
        var passes = new List<MeasuredPass>();
        foreach (var line in lines.Skip(1))
        {
            // What follows a torn line was never written.
            if (TryParse(line, expected.Models) is not { } pass)
                break;
            passes.Add(pass);
        }

        return passes;
    }

    private static MeasuredPass? TryParse(string line, int models)
    {
        try
        {
            var pass = JsonSerializer.Deserialize<MeasuredPass>(line, StrictJson.LineOptions);
            return pass is not null && pass.IsPlausible(models) ? pass : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
