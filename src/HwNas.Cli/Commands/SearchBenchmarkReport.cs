using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using HwNas.Cli.Reporting;
using HwNas.Core.Files;
using HwNas.Core.Search;
using HwNas.Core.Search.Tables;

namespace HwNas.Cli.Commands;

/// <summary>What a search on a table found, as its JSON says it.</summary>
/// <param name="Front">The front, by descending or ascending first objective, the best first.</param>
/// <param name="Hypervolume">Its exact hypervolume up to the reference point.</param>
/// <param name="Evaluations">Distinct genomes that were looked up, those without a row included.</param>
/// <param name="Seconds">Time of the search, without reading the table.</param>
internal sealed record SearchBenchmarkReport(
    IReadOnlyList<SearchBenchmarkReport.Member> Front, double Hypervolume, int Evaluations, double Seconds)
{
    // Columns of a table keep their names: keys of a dictionary are not renamed.
    private static readonly JsonSerializerOptions Format = new(StrictJson.LineOptions) { DictionaryKeyPolicy = null };

    public static SearchBenchmarkReport Of(TabularBenchmark table, SearchProblem problem, SearchResult result) => new(
        [.. result.Front.Select(candidate => new Member(
            table.TextOf(candidate.Genome),
            problem.Objectives.Select((objective, i) => (objective.Name, Value: candidate.Metrics[problem.ObjectiveMetrics[i]]))
                .ToDictionary(o => o.Name, o => o.Value)))],
        result.Hypervolume, result.Evaluated.Length, result.Elapsed.TotalSeconds);

    public void WriteJson(TextWriter output) => output.WriteLine(JsonSerializer.Serialize(this, Format));

    public string ToText(SearchResult result, Screen screen)
    {
        IEnumerable<TextColumn> columns =
        [
            new("genome", IsText: true) { IsName = true },
            .. Front.Take(1).SelectMany(member => member.Objectives.Keys).Select(name => new TextColumn(name)),
        ];
        var table = new TextTable(
            [.. columns], [.. Front.Select(member => (string[])[member.Genome, .. member.Objectives.Values.Select(Text)])]);
        return table.ToText(screen) + screen.Fold(string.Create(CultureInfo.InvariantCulture,
            $"{Front.Count} on the front of {Evaluations} evaluated ({result.StopReason}), {Seconds:F1} s\n"
            + $"hypervolume (what the front is better than, up to {string.Join(", ", result.Reference.Select(Text))}): "
            + $"{Hypervolume:G7}\n"));
    }

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>A member of the front.</summary>
    internal sealed record Member(
        string Genome, [property: JsonPropertyName("objectives")] IReadOnlyDictionary<string, double> Objectives);
}
