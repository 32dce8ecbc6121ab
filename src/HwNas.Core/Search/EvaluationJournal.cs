using System.Text.Json;
using System.Text.Json.Serialization;
using HwNas.Core.Files;
using HwNas.Core.Spaces;

namespace HwNas.Core.Search;

/// <summary>
/// The record of one search, by which a killed one continues: whose search it is, what was known when it began, and every
/// evaluation that it asked for since, in the order in which the strategy heard of them (<see cref="ChainedLog"/>). A record
/// is written before the strategy hears of it.
/// </summary>
public sealed class EvaluationJournal : IDisposable
{
    /// <summary>Name and version of the file format.</summary>
    public const string Schema = "hwnas/search-journal/2";

    private readonly Dictionary<Genome, int> _places = [];
    private readonly List<(Evaluation Evaluation, int InFlight)> _recorded = [];
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
    public IEnumerable<Evaluation> Evaluations => _recorded.Select(recorded => recorded.Evaluation);

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
                var recorded = Parse(record.Json, $"{path}, line {index + 1}", header, space);
                if (!journal._places.TryAdd(recorded.Evaluation.Genome, journal._recorded.Count))
                    throw new InputException($"'{path}, line {index + 1}': {recorded.Evaluation.Genome} is there twice.");
                journal._recorded.Add(recorded);
            }

            return journal;
        }
        catch
        {
            log.Dispose();
            throw;
        }
    }

    /// <summary>In what the search of a journal differs from another, one readable line each; empty if nowhere.</summary>
    /// <param name="path">The file, which stays as it is.</param>
    /// <param name="header">The other search.</param>
    /// <exception cref="InputException">The file is missing, or its first line is damaged or of an earlier version.</exception>
    public static IReadOnlyList<string> Differences(string path, JournalHeader header) =>
    [
        .. StrictJson.Parse<JournalHeader>(ChainedLog.HeaderOf(path, "journal"), Schema, path).DifferencesFrom(header),
    ];

    /// <summary>Of some genomes the one that was recorded first; null if none was.</summary>
    internal Evaluation? FirstOf(IEnumerable<Genome> genomes)
    {
        var places = genomes.Where(_places.ContainsKey).Select(genome => _places[genome]).ToList();
        return places.Count > 0 ? _recorded[places.Min()].Evaluation : null;
    }

    /// <summary>How many evaluations could be in flight when a recorded one was finished.</summary>
    internal int InFlightAt(int place) => _recorded[place].InFlight;

    /// <summary>Adds an evaluation.</summary>
    /// <param name="genome">The network.</param>
    /// <param name="measured">Its measured metrics; null if it is no valid network.</param>
    /// <param name="inFlight">How many evaluations can be in flight; on that hangs when the strategy was asked.</param>
    public void Append(Genome genome, double[]? measured, int inFlight = 1)
    {
        ArgumentNullException.ThrowIfNull(genome);
        var record = new Record(genome.ToString(), measured, inFlight == 1 ? null : inFlight);
        _log.Append(JsonSerializer.Serialize(record, StrictJson.LineOptions));
    }

    /// <summary>Flushes to disk and closes the file.</summary>
    public void Dispose() => _log.Dispose();

    private static (Evaluation Evaluation, int InFlight) Parse(
        string json, string origin, JournalHeader header, GenomeSpace space)
    {
        var record = StrictJson.Deserialize<Record>(StrictJson.ParseObject(json, origin), origin);
        if (record.Measured is not null && record.Measured.Length != header.Measured.Length)
            throw new InputException($"'{origin}': {record.Measured.Length} values for {header.Measured.Length} metrics.");
        if (record.InFlight is < 1)
            throw new InputException($"'{origin}': {record.InFlight} evaluations in flight.");
        return (new Evaluation(space.Parse(record.Genome), record.Measured), record.InFlight ?? 1);
    }

    private sealed record Record(
        string Genome,
        double[]? Measured,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? InFlight = null);
}
