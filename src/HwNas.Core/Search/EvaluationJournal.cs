using System.Text.Json;
using HwNas.Core.Files;
using HwNas.Core.Spaces;

namespace HwNas.Core.Search;

/// <summary>
/// The record of one search, by which a killed one continues: whose search it is, what was known when it began, and every
/// evaluation that it asked for since (<see cref="ChainedLog"/>). A record is written before the strategy hears of it.
/// </summary>
public sealed class EvaluationJournal : IDisposable
{
    /// <summary>Name and version of the file format.</summary>
    public const string Schema = "hwnas/search-journal/2";

    private readonly Dictionary<Genome, double[]?> _recorded = [];
    private readonly ChainedLog _log;

    private EvaluationJournal(ChainedLog log, KnownMark? known)
    {
        _log = log;
        Known = known;
    }

    /// <summary>What was known when the search began; null where nothing was.</summary>
    public KnownMark? Known { get; }

    /// <summary>Number of evaluations that the file held when it was opened.</summary>
    public int Recorded => _recorded.Count;

    /// <summary>Those evaluations.</summary>
    public IEnumerable<Evaluation> Evaluations => _recorded.Select(pair => new Evaluation(pair.Key, pair.Value));

    /// <summary>What was dropped from the end of the file, readable; null if nothing was.</summary>
    public string? Notice => _log.Notice;

    /// <summary>Starts a journal, or opens one to continue the search.</summary>
    /// <param name="path">The file.</param>
    /// <param name="header">The search that it must belong to. What was known is no part of that: a search goes on
    /// with what it began with.</param>
    /// <param name="space">Reads its genomes.</param>
    /// <param name="time">Times the flushes to disk.</param>
    /// <exception cref="InputException">The file belongs to another search, is damaged before its last record, is in use,
    /// or cannot be written.</exception>
    public static EvaluationJournal Open(string path, JournalHeader header, GenomeSpace space, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        var log = ChainedLog.Open(path, "journal", JsonSerializer.Serialize(header, StrictJson.LineOptions), time);
        try
        {
            var found = StrictJson.Parse<JournalHeader>(log.Records[0].Json, Schema, path);
            var differences = found.DifferencesFrom(header).ToList();
            if (differences.Count > 0)
            {
                throw new InputException(
                    $"The journal '{path}' belongs to another search ({string.Join("; ", differences)}). "
                    + "Repeat that search, or choose another file.");
            }

            var journal = new EvaluationJournal(log, found.Known);
            foreach (var (index, record) in log.Records.Index().Skip(1))
            {
                var (genome, measured) = Parse(record.Json, $"{path}, line {index + 1}", header, space);
                journal._recorded[genome] = measured;
            }

            return journal;
        }
        catch
        {
            log.Dispose();
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
        _log.Append(JsonSerializer.Serialize(new Record(genome.ToString(), measured), StrictJson.LineOptions));
    }

    /// <summary>Flushes to disk and closes the file.</summary>
    public void Dispose() => _log.Dispose();

    private static (Genome, double[]?) Parse(string json, string origin, JournalHeader header, GenomeSpace space)
    {
        var record = StrictJson.Deserialize<Record>(StrictJson.ParseObject(json, origin), origin);
        if (record.Measured is not null && record.Measured.Length != header.Measured.Length)
            throw new InputException($"'{origin}': {record.Measured.Length} values for {header.Measured.Length} metrics.");
        return (space.Parse(record.Genome), record.Measured);
    }

    private sealed record Record(string Genome, double[]? Measured);
}
