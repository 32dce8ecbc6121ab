using System.Collections.Immutable;
using System.Text.Json;
using HwNas.Core.Files;

namespace HwNas.Core.Devices.Measurement;

/// <summary>First line of a journal: what was measured, in which order its numbers stand.</summary>
/// <param name="Schema">Always <see cref="MeasurementJournal.Schema"/>.</param>
/// <param name="Fingerprint">Fingerprint of device, runtime, protocol and space (<see cref="DeviceProfile.FingerprintOf"/>).</param>
/// <param name="Models">Names of the models, in the order of the samples.</param>
public sealed record JournalHeader(string Schema, string Fingerprint, ImmutableArray<string> Models);

/// <summary>
/// The raw samples of a measurement, a line for each pass, written as they come: a killed measurement continues
/// from here, and afterwards it is the profile's side file. Times are whole nanoseconds; −1 marks a disturbed sample.
/// </summary>
public sealed class MeasurementJournal : IDisposable
{
    /// <summary>The schema of the first line.</summary>
    public const string Schema = "hwnas/measurement-journal/1";

    private const double MaxNs = 1e12;

    private readonly StreamWriter _writer;
    private readonly List<JournalPass> _replay;
    private readonly int _models;

    private MeasurementJournal(StreamWriter writer, int models, List<JournalPass> replay)
    {
        _writer = writer;
        _models = models;
        _replay = replay;
    }

    /// <summary>Opens a journal: continues the one at <paramref name="path"/> if it belongs to the same measurement, else begins anew.</summary>
    /// <exception cref="InputException">The file cannot be written, or is no journal.</exception>
    public static MeasurementJournal Open(string path, JournalHeader header)
    {
        ArgumentNullException.ThrowIfNull(header);
        try
        {
            var passes = File.Exists(path) ? Read(path, header) : null;
            var lines = (passes ?? []).Select(pass => JsonSerializer.Serialize(pass, StrictJson.LineOptions));
            // Written anew rather than appended to: a torn last line disappears.
            AtomicFile.WriteText(path, string.Join('\n', lines.Prepend(JsonSerializer.Serialize(header, StrictJson.LineOptions))) + "\n");
            var stream = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read);
            return new MeasurementJournal(new StreamWriter(stream), header.Models.Length, passes ?? []);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"Cannot write the journal '{path}': {error.Message}", error);
        }
    }

    /// <summary>Gives the passes of the interrupted measurement to <paramref name="samples"/>; returns their number and duration.</summary>
    internal (int Passes, TimeSpan Spent) Replay(IReadOnlyList<ModelSamples> samples)
    {
        foreach (var pass in _replay)
        {
            for (var model = 0; model < samples.Count; model++)
            {
                var disturbed = pass.WallNs[model] < 0;
                samples[model].Add(new LayerTime(pass.WallNs[model] / 1e3, pass.CpuNs[model] / 1e3, disturbed));
            }
        }

        return (_replay.Count, _replay.Count == 0 ? TimeSpan.Zero : TimeSpan.FromMilliseconds(_replay[^1].ElapsedMs));
    }

    /// <summary>Adds a pass. A kill loses at most the last lines, which were not flushed yet.</summary>
    internal void Append(TimeSpan elapsed, LayerTime[] times)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(times.Length, _models);
        var pass = new JournalPass(
            (long)elapsed.TotalMilliseconds,
            [.. times.Select(t => t.Disturbed ? -1 : (long)Math.Round(t.WallUs * 1e3))],
            [.. times.Select(t => t.Disturbed ? -1 : (long)Math.Round(t.CpuUs * 1e3))]);
        _writer.WriteLine(JsonSerializer.Serialize(pass, StrictJson.LineOptions));
    }

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();

    // Null if the journal belongs to another measurement.
    private static List<JournalPass>? Read(string path, JournalHeader expected)
    {
        var lines = StrictJson.ReadText(path).Split('\n');
        var header = StrictJson.Parse<JournalHeader>(lines[0], Schema, path);
        if (header.Fingerprint != expected.Fingerprint || !header.Models.SequenceEqual(expected.Models))
            return null;
        var passes = new List<JournalPass>();
        foreach (var line in lines.Skip(1))
        {
            // What follows a torn line was never written.
            if (TryParse(line, expected.Models.Length) is not { } pass)
                break;
            passes.Add(pass);
        }

        return passes;
    }

    private static JournalPass? TryParse(string line, int models)
    {
        try
        {
            var pass = JsonSerializer.Deserialize<JournalPass>(line, StrictJson.LineOptions);
            return pass is not null && IsPlausible(pass.WallNs) && IsPlausible(pass.CpuNs) ? pass : null;
        }
        catch (JsonException)
        {
            return null;
        }

        bool IsPlausible(ImmutableArray<long> times) => !times.IsDefault && times.Length == models && times.All(ns => ns is >= -1 and < (long)MaxNs);
    }

    private sealed record JournalPass(long ElapsedMs, ImmutableArray<long> WallNs, ImmutableArray<long> CpuNs);
}
