using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;

namespace HwNas.Core.Search;

/// <summary>The first record of a journal: which search it belongs to.</summary>
public sealed record JournalHeader
{
    /// <summary>Name and version of the file format.</summary>
    public string Schema { get; init; } = EvaluationJournal.Schema;

    /// <summary>Hash of the search space or table.</summary>
    public required string Space { get; init; }

    /// <summary>Fingerprint of the evaluator: weights, data, calibration.</summary>
    public required string Evaluator { get; init; }

    /// <summary>Name of the strategy.</summary>
    public required string Strategy { get; init; }

    /// <summary>Share of the evaluations that the finish gets; in files by the name of the first there was.</summary>
    [JsonPropertyName("local_search_share")]
    public required double FinishShare { get; init; }

    /// <summary>Seed of the strategy.</summary>
    public required int Seed { get; init; }

    /// <summary>Names of the measured metrics, in the order of the records' values.</summary>
    public required ImmutableArray<string> Measured { get; init; }

    /// <summary>
    /// What the known costs come from, such as the hash of a device's profile: other costs lead the strategy elsewhere.
    /// </summary>
    public required ImmutableArray<string> Costs { get; init; }

    /// <summary>The objectives with their directions.</summary>
    public required ImmutableArray<string> Objectives { get; init; }

    /// <summary>The reference point that was asked for; empty for the worst of the first batch.</summary>
    public required ImmutableArray<double> Reference { get; init; }

    /// <summary>The limits.</summary>
    public required ImmutableArray<string> Limits { get; init; }

    /// <summary>What was known when the search began; null where nothing was.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public KnownMark? Known { get; init; }

    /// <summary>
    /// The header of a search. The number of evaluations is no part of it: a longer search continues a shorter one.
    /// </summary>
    public static JournalHeader Of(SearchProblem problem, SearchOptions options, string evaluatorFingerprint)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(options);
        return new JournalHeader
        {
            Space = problem.SpaceHash,
            Evaluator = evaluatorFingerprint,
            Strategy = options.Description.Name,
            FinishShare = options.FinishOf(problem),
            Seed = options.Seed,
            Measured = [.. problem.Measured.Select(m => m.Name)],
            Costs = problem.Costs.Sources,
            Objectives = [.. problem.Objectives.Select(o => $"{o.Direction} {o.Name}".ToLowerInvariant())],
            Reference = options.Reference,
            Limits = [.. problem.Limits.Select(l => l.ToString())],
        };
    }

    /// <summary>In what two headers differ, one readable line each; empty if nowhere.</summary>
    internal IEnumerable<string> DifferencesFrom(JournalHeader wanted) =>
        from field in ((string Name, string Here, string Wanted)[])
        [
            ("search space", Space, wanted.Space),
            ("evaluator", Evaluator, wanted.Evaluator),
            ("strategy", Strategy, wanted.Strategy),
            ("share of the finish", Text(FinishShare), Text(wanted.FinishShare)),
            ("seed", $"{Seed}", $"{wanted.Seed}"),
            ("measured metrics", string.Join(", ", Measured), string.Join(", ", wanted.Measured)),
            ("sources of known costs", string.Join(", ", Costs), string.Join(", ", wanted.Costs)),
            ("objectives", string.Join(", ", Objectives), string.Join(", ", wanted.Objectives)),
            ("reference point", string.Join(", ", Reference.Select(Text)), string.Join(", ", wanted.Reference.Select(Text))),
            ("limits", string.Join(", ", Limits), string.Join(", ", wanted.Limits)),
        ]
        where field.Here != field.Wanted
        select $"its {field.Name}: '{field.Here}', of this search: '{field.Wanted}'";

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
