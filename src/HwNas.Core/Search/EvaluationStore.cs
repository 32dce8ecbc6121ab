using System.Text.Json;
using HwNas.Core.Files;
using HwNas.Core.Spaces;

namespace HwNas.Core.Search;

/// <summary>A place in an <see cref="EvaluationStore"/>: all that stood before it.</summary>
/// <param name="Evaluations">Number of evaluations before it, of any evaluator.</param>
/// <param name="Checksum">Checksum over them.</param>
public sealed record KnownMark(int Evaluations, string Checksum);

/// <summary>
/// What was ever measured of a run's networks (<c>evaluations.jsonl</c>), whichever search, strategy, seed or budget
/// asked for it: append-only, and kept for good. A figure belongs to the network and to the fingerprint of the evaluator,
/// which says all that it depends on; figures of other weights or images lie beside it and are never mixed.
/// </summary>
public sealed class EvaluationStore : IDisposable
{
    /// <summary>Name and version of the file format.</summary>
    public const string Schema = "hwnas/evaluations/1";

    private readonly Dictionary<Genome, double[]?> _measured = [];
    private readonly List<(int Line, Evaluation Evaluation)> _found = [];
    private readonly Lock _lock = new();
    private readonly ChainedLog _log;
    private readonly string _path;
    private readonly string _evaluator;

    private EvaluationStore(ChainedLog log, string path, string evaluator)
    {
        _log = log;
        _path = path;
        _evaluator = evaluator;
    }

    /// <summary>What was dropped from the end of the file, readable; null if nothing was.</summary>
    public string? Notice => _log.Notice;

    /// <summary>The end of what the file held when it was opened; null if it held nothing.</summary>
    public KnownMark? End => _log.Records.Count > 1 ? new KnownMark(_log.Records.Count - 1, _log.Records[^1].Checksum) : null;

    /// <summary>Opens the store of a run, or begins it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="evaluator">Fingerprint of the evaluator whose figures are wanted.</param>
    /// <param name="space">Reads its genomes.</param>
    /// <param name="time">Times the flushes to disk.</param>
    /// <exception cref="InputException">The file is of another schema, damaged before its last record, in use,
    /// or cannot be written.</exception>
    public static EvaluationStore Open(string path, string evaluator, GenomeSpace space, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(time);
        var log = ChainedLog.Open(
            path, "store of evaluations", JsonSerializer.Serialize(new Header(Schema), StrictJson.LineOptions), time);
        try
        {
            _ = StrictJson.Parse<Header>(log.Records[0].Json, Schema, path);
            var store = new EvaluationStore(log, path, evaluator);
            foreach (var (index, line) in log.Records.Index().Skip(1))
            {
                var origin = $"{path}, line {index + 1}";
                var record = StrictJson.Deserialize<Record>(StrictJson.ParseObject(line.Json, origin), origin);
                if (record.Evaluator != evaluator)
                    continue;
                var evaluation = new Evaluation(space.Parse(record.Genome), record.Measured);
                store._measured[evaluation.Genome] = evaluation.Measured;
                store._found.Add((index, evaluation));
            }

            return store;
        }
        catch
        {
            log.Dispose();
            throw;
        }
    }

    /// <summary>The evaluator's figures before a mark, in the order in which they were measured; none before null.</summary>
    /// <exception cref="InputException">The file does not hold what it held when the mark was made.</exception>
    public IReadOnlyList<Evaluation> Before(KnownMark? mark)
    {
        if (mark is null)
            return [];
        if (mark.Evaluations >= _log.Records.Count
            || mark.Evaluations < 1
            || _log.Records[mark.Evaluations].Checksum != mark.Checksum)
        {
            throw new InputException(
                $"'{_path}' lacks the {mark.Evaluations} evaluations that the search began with. "
                + "Restore it from a copy, or begin a new search.");
        }

        return [.. _found.Where(found => found.Line <= mark.Evaluations).Select(found => found.Evaluation)];
    }

    /// <summary>
    /// An evaluation that looks into the store first, and adds what it had to measure. The same threads may call it.
    /// </summary>
    public GenomeEvaluation Through(GenomeEvaluation evaluate) => (genome, cancellation) =>
    {
        lock (_lock)
        {
            if (_measured.TryGetValue(genome, out var known))
                return known;
        }

        var measured = evaluate(genome, cancellation);
        lock (_lock)
        {
            if (_measured.TryAdd(genome, measured))
            {
                _log.Append(
                    JsonSerializer.Serialize(new Record(_evaluator, genome.ToString(), measured), StrictJson.LineOptions));
            }
        }

        return measured;
    };

    /// <summary>Flushes to disk and closes the file.</summary>
    public void Dispose() => _log.Dispose();

    private sealed record Header(string Schema);

    private sealed record Record(string Evaluator, string Genome, double[]? Measured);
}
