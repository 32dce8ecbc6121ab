using System.Collections.Immutable;

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

    /// <summary>Seed of the strategy.</summary>
    public required int Seed { get; init; }

    /// <summary>Names of the measured metrics, in the order of the records' values.</summary>
    public required ImmutableArray<string> Measured { get; init; }

    /// <summary>The objectives with their directions.</summary>
    public required ImmutableArray<string> Objectives { get; init; }

    /// <summary>The limits.</summary>
    public required ImmutableArray<string> Limits { get; init; }

    /// <summary>The header of a search. The number of evaluations is no part of it: a longer search continues a shorter one.</summary>
    public static JournalHeader Of(SearchProblem problem, SearchOptions options, string evaluatorFingerprint)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(options);
        return new JournalHeader
        {
            Space = problem.SpaceHash,
            Evaluator = evaluatorFingerprint,
            Strategy = options.Strategy,
            Seed = options.Seed,
            Measured = [.. problem.Measured.Select(m => m.Name)],
            Objectives = [.. problem.Objectives.Select(o => $"{o.Direction} {o.Name}".ToLowerInvariant())],
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
            ("seed", $"{Seed}", $"{wanted.Seed}"),
            ("measured metrics", string.Join(", ", Measured), string.Join(", ", wanted.Measured)),
            ("objectives", string.Join(", ", Objectives), string.Join(", ", wanted.Objectives)),
            ("limits", string.Join(", ", Limits), string.Join(", ", wanted.Limits)),
        ]
        where field.Here != field.Wanted
        select $"its {field.Name}: '{field.Here}', of this search: '{field.Wanted}'";
}
