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
            MeasurementJournal.Schema, job.Hash,
            ContentHash.OfText($"{device.Id}\n{device.CpuModel}\n{device.Os}\n{runtime}"),
            job.Models.Length);
    }
}

/// <summary>
/// The raw samples of a measurement, a line for each pass, written as they come: a killed measurement continues
/// from here, and afterwards it is the profile's side file. Times are whole nanoseconds; −1 marks a disturbed sample.
/// Every line is checksummed (<see cref="ChainedLog"/>).
/// </summary>
public sealed class MeasurementJournal : IDisposable
{
    /// <summary>The schema of the first line.</summary>
    public const string Schema = "hwnas/measurement-journal/2";

    private readonly ChainedLog _log;

    private MeasurementJournal(ChainedLog log, IReadOnlyList<MeasuredPass> replay)
    {
        _log = log;
        Replay = replay;
    }

    /// <summary>The passes of the interrupted measurement.</summary>
    public IReadOnlyList<MeasuredPass> Replay { get; }

    /// <summary>What was dropped from the end of the file, readable; null if nothing was.</summary>
    public string? Notice => _log.Notice;

    /// <summary>
    /// Opens a journal: continues the one at <paramref name="path"/> if it belongs to the same measurement, else begins anew.
    /// </summary>
    /// <exception cref="InputException">The file cannot be written, is damaged before its last line, or is no
    /// journal of this version.</exception>
    public static MeasurementJournal Open(string path, MeasurementJournalHeader header, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(header);
        RefuseEarlierVersions(path);
        var log = Log();
        try
        {
            var found = StrictJson.Parse<MeasurementJournalHeader>(
                log.Records[0].Json, Schema, path, anew: "Delete it to measure anew.");
            if (found != header)
            {
                log.Dispose();
                File.Delete(path);
                log = Log();
            }

            return new MeasurementJournal(
                log, [.. log.Records.Skip(1).Select((record, i) => Pass(record.Json, header.Models, $"{path}, line {i + 2}"))]);
        }
        catch
        {
            log.Dispose();
            throw;
        }

        ChainedLog Log() => ChainedLog.Open(path, "measurement journal", Line(header), time);
    }

    /// <summary>Writes the raw samples of a measurement that came from elsewhere, as the side file of its profile.</summary>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void Write(string path, MeasurementRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        ChainedLog.Write(
            path,
            record.Passes.Select(Line).Prepend(Line(MeasurementJournalHeader.Of(record.Job, record.Device, record.Runtime))));
    }

    /// <summary>Adds a pass, which outlives a kill of the process.</summary>
    public void Append(MeasuredPass pass) => _log.Append(Line(pass));

    /// <inheritdoc/>
    public void Dispose() => _log.Dispose();

    private static string Line<T>(T value) => JsonSerializer.Serialize(value, StrictJson.LineOptions);

    private static MeasuredPass Pass(string json, int models, string origin)
    {
        var pass = StrictJson.Deserialize<MeasuredPass>(StrictJson.ParseObject(json, origin), origin);
        return pass.IsPlausible(models)
            ? pass
            : throw new InputException($"'{origin}': it is no pass of {models} models. Delete the file to measure anew.");
    }

    private static void RefuseEarlierVersions(string path)
    {
        if (!File.Exists(path))
            return;
        using var file = File.OpenText(path);
        if (file.Peek() == '{')
        {
            throw new InputException(
                $"'{path}' is of an earlier version of hwnas, without checksums. Delete it to measure anew.");
        }
    }
}
