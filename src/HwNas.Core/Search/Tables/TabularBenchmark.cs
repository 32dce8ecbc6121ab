using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using HwNas.Core.Files;
using HwNas.Core.Metrics;
using HwNas.Core.Spaces;

namespace HwNas.Core.Search.Tables;

/// <summary>What to do with rows of one network whose figures differ, as logs of searches have them.</summary>
public enum RepeatedRows
{
    /// <summary>The table is refused.</summary>
    Refuse,

    /// <summary>The network has their means.</summary>
    Average,
}

/// <summary>
/// A search space whose networks are the rows of a table, with their measured figures. A gene's choices are what occurs
/// in its place anywhere in the table; combinations without a row, or with a row that lacks a figure, are invalid networks,
/// found out by evaluating them.
/// </summary>
public sealed class TabularBenchmark
{
    private const int GreatestValue = 9_999;
    private const int SparseRatio = 10;

    // Products of several stay finite: hypervolumes.
    private const double MostFigure = 1e30;

    private readonly CsvTable _table;
    private readonly int _column;
    private readonly RepeatedRows _repeats;
    private readonly Dictionary<Genome, List<CsvRow>> _rows = [];

    /// <summary>Reads the genomes of a table.</summary>
    /// <param name="table">The table.</param>
    /// <param name="genomeColumn">Its column of genomes: digits, or small integers separated by '-'.</param>
    /// <param name="repeats">What to do with rows of one genome whose figures differ; equal ones count once.</param>
    /// <exception cref="InputException">A genome is malformed, all are alike, or a gene has too many choices.</exception>
    public TabularBenchmark(CsvTable table, string genomeColumn, RepeatedRows repeats = RepeatedRows.Refuse)
    {
        ArgumentNullException.ThrowIfNull(table);
        (_table, _repeats) = (table, repeats);
        _column = table.IndexOf(genomeColumn);
        var numbers = ReadNumbers();
        Space = new GenomeSpace(Genes(numbers));
        foreach (var (row, values) in table.Rows.Zip(numbers))
        {
            // The stage of a gene is its place; places with one value have no gene.
            var genome = Space.Create([.. Space.Genes.Select(g => (byte)g.Choices.BinarySearch(values[g.Stage]))]);
            if (!_rows.TryGetValue(genome, out var rows))
                _rows.Add(genome, rows = []);
            rows.Add(row);
        }

        Hash = ContentHash.OfText(string.Join(
            '\n', table.Rows.Select(row => string.Join('\u001f', row.Fields)).Prepend(string.Join('\u001f', table.Columns))));
    }

    /// <summary>The genes: one for each place of the genomes with more than one value.</summary>
    public GenomeSpace Space { get; }

    /// <summary>Number of networks of <see cref="Space"/> that have a row.</summary>
    public int Count => _rows.Count;

    // Where rows are rare, a genome drawn from all has none, and a search would see nothing but invalid networks.
    private bool IsSparse => new BigInteger(Count) * SparseRatio < Space.Count;

    /// <summary>Hash of all that the table says.</summary>
    public string Hash { get; }

    /// <summary>The text of a network in the table.</summary>
    /// <exception cref="KeyNotFoundException">It has no row.</exception>
    public string TextOf(Genome genome) => _rows[genome][0].Fields[_column];

    /// <summary>
    /// The problem of some columns. Limits are checked against the rows at once; otherwise figures come to light by
    /// evaluating, except for those columns that are declared to be known.
    /// </summary>
    /// <param name="objectives">The columns to optimise.</param>
    /// <param name="known">Those columns that are known without evaluation, as MACs are.</param>
    /// <param name="limits">Limits on any columns.</param>
    /// <exception cref="InputException">A column is unknown or twice there, a figure in it is no number, or rows
    /// of one network differ.</exception>
    /// <exception cref="InfeasibleBudgetException">No row keeps the limits.</exception>
    public TabularSearch Search(IReadOnlyList<Metric> objectives, IReadOnlyList<string> known, IReadOnlyList<Limit> limits)
    {
        ArgumentNullException.ThrowIfNull(objectives);
        ArgumentNullException.ThrowIfNull(known);
        ArgumentNullException.ThrowIfNull(limits);
        Metric[] limited = [.. limits.Select(l => l.Metric).Except(objectives.Select(o => o.Name))
            .Select(name => new Metric(name, Direction.Minimize, ""))];
        Metric[] metrics = [.. objectives, .. limited];
        if (known.Except(metrics.Select(m => m.Name)).FirstOrDefault() is { } idle)
            throw new InputException($"The known column '{idle}' is neither an objective nor limited.");
        Metric[] measured = [.. metrics.Where(m => !known.Contains(m.Name))];
        Metric[] costs = [.. metrics.Except(measured)];
        var (all, notices) = Figures([.. measured, .. costs]);
        var figures = all.ToDictionary(row => row.Key, row => row.Value[..measured.Length]);
        var costFigures = all.ToDictionary(row => row.Key, row => row.Value[measured.Length..]);
        var ranges = Enumerable.Range(0, costs.Length)
            .Select(i => new CostRange(costFigures.Values.Min(row => row[i]), costFigures.Values.Max(row => row[i])));
        var problem = new SearchProblem(
            Space, Hash, measured,
            new KnownCosts(costs, (choices, values) => Known(costFigures, choices, values), ranges),
            objectives.Select(o => o.Name), limits)
        {
            Listed = IsSparse ? [.. figures.Keys] : [],
        };
        RequireARow(problem, figures);
        return new TabularSearch(problem, (genome, _) => figures.GetValueOrDefault(genome), notices);
    }

    private void Known(Dictionary<Genome, double[]> figures, ReadOnlySpan<byte> choices, Span<double> values)
    {
        if (values.IsEmpty)
            return;
        if (figures.TryGetValue(Space.Create(choices), out var row))
            row.CopyTo(values);
        else
            values.Fill(double.PositiveInfinity);
    }

    private static void RequireARow(SearchProblem problem, Dictionary<Genome, double[]> figures)
    {
        if (problem.Limits.IsEmpty)
            return;
        var rows = figures.Select(row => problem.CandidateOf(row.Key, row.Value)).ToList();
        if (rows.Exists(row => row.IsFeasible))
            return;
        var lines = problem.Limits.Select(limit =>
        {
            var values = rows.ConvertAll(row => row.Metrics[problem.MetricOf(limit.Metric)]);
            var kept = values.Count(value => limit.ViolationOf(value) == 0);
            return string.Create(
                CultureInfo.InvariantCulture,
                $"  {limit}: rows reach {values.Min():R} to {values.Max():R}; {kept} of {rows.Count} keep it");
        });
        throw new InfeasibleBudgetException($"No row of the table keeps the limits:\n{string.Join('\n', lines)}");
    }

    private (Dictionary<Genome, double[]> Figures, ImmutableArray<string> Notices) Figures(IReadOnlyList<Metric> metrics)
    {
        var columns = metrics.Select(m => _table.IndexOf(m.Name)).ToArray();
        var figures = new Dictionary<Genome, double[]>();
        var (lacking, averaged) = (new List<CsvRow>(), 0);
        foreach (var (genome, rows) in _rows)
        {
            var known = rows.Select(row => (Row: row, Values: Array.ConvertAll(columns, column => Number(row, column)))).ToList();
            lacking.AddRange(known.Where(row => row.Values.Contains(null)).Select(row => row.Row));
            known.RemoveAll(row => row.Values.Contains(null));
            if (known.Count == 0)
                continue;
            var others = known.FindAll(row => !row.Values.SequenceEqual(known[0].Values));
            if (others.Count > 0 && _repeats == RepeatedRows.Refuse)
            {
                throw Error(
                    others[0].Row,
                    $"the genome '{TextOf(genome)}' of line {known[0].Row.Line} again, with other figures; "
                    + "average them with --repeats average");
            }

            averaged += others.Count > 0 ? 1 : 0;
            figures.Add(genome, [.. columns.Select(
                (_, i) => others.Count == 0 ? known[0].Values[i]!.Value : known.Average(row => row.Values[i]!.Value))]);
        }

        if (figures.Count == 0)
        {
            throw new InputException(
                $"'{_table.Path}': no row has a figure in each of {string.Join(", ", metrics.Select(metric => metric.Name))}.");
        }

        return (figures, [.. Notices(lacking, averaged)]);
    }

    private IEnumerable<string> Notices(List<CsvRow> lacking, int averaged)
    {
        if (lacking.Count > 0)
        {
            yield return lacking.Count == 1
                ? $"1 row lacks a figure (line {lacking[0].Line}); it is no network."
                : $"{lacking.Count} rows lack a figure (the first: line {lacking.Min(row => row.Line)}); they are no "
                    + "networks.";
        }

        var repeated = _rows.Count(row => row.Value.Count > 1);
        if (repeated > 0)
        {
            yield return $"{Plural.Of(repeated, "genome has", "genomes have")} several rows: those with equal figures count once"
                + (averaged == 0 ? "." : $", {Plural.Of(averaged, "genome has", "genomes have")} the mean of different ones.");
        }
    }

    // Null where there is none: that is how other tools write a network that could not be measured.
    private double? Number(CsvRow row, int column)
    {
        var text = row.Fields[column].Trim();
        if (text.Length == 0 || text.Equals("nan", StringComparison.OrdinalIgnoreCase))
            return null;
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
        {
            throw Error(
                row,
                $"'{text}' in column '{_table.Columns[column]}' is no "
                + $"number{(text.Contains(',', StringComparison.Ordinal) ? "; write fractions with a point" : "")}");
        }

        return Math.Abs(value) <= MostFigure
            ? value
            : throw Error(
                row,
                $"'{text}' in column '{_table.Columns[column]}' is beyond {MostFigure}; "
                + "leave the field empty where there is no figure");
    }

    private List<int[]> ReadNumbers()
    {
        if (_table.Rows.Count == 0)
            throw new InputException($"'{_table.Path}' has no rows.");
        var separated = _table.Rows.Any(row => row.Fields[_column].Contains('-', StringComparison.Ordinal));
        var numbers = new List<int[]>(_table.Rows.Count);
        foreach (var row in _table.Rows)
        {
            var text = row.Fields[_column];
            var values = (separated ? text.Split('-') : text.Select(c => c.ToString()))
                .Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
                    ? value
                    : -1).ToArray();
            if (values.Length == 0 || !values.All(v => v is >= 0 and <= GreatestValue))
            {
                throw Error(
                    row,
                    $"'{text}' in column '{_table.Columns[_column]}' is no genome: digits, or integers up to {GreatestValue} "
                    + "separated by '-'");
            }

            if (numbers.Count > 0 && values.Length != numbers[0].Length)
                throw Error(row, $"the genome '{text}' has {values.Length} genes, the first {numbers[0].Length}");
            numbers.Add(values);
        }

        return numbers;
    }

    private List<Gene> Genes(List<int[]> numbers)
    {
        var genes = new List<Gene>();
        for (var place = 0; place < numbers[0].Length; place++)
        {
            ImmutableArray<int> choices = [.. numbers.Select(values => values[place]).Distinct().Order()];
            if (choices.Length > 255)
            {
                throw new InputException(
                    $"'{_table.Path}': place {place + 1} of the genomes has {choices.Length} values; at most 255 are possible.");
            }

            if (choices.Length > 1)
                genes.Add(new Gene(GeneKind.Operator, place, -1, $"{_table.Columns[_column]}.{place}", choices));
        }

        return genes.Count > 0
            ? genes
            : throw new InputException($"'{_table.Path}' holds one genome only; there is nothing to search for.");
    }

    private InputException Error(CsvRow row, string problem) => new($"'{_table.Path}' line {row.Line}: {problem}.");
}

/// <summary>A problem on a table with the evaluation that looks networks up.</summary>
/// <param name="Problem">What is searched for.</param>
/// <param name="Evaluate">Looks one network up; null where the table has no row, or one without a figure.</param>
/// <param name="Notices">What was made of rows that are repeated or lack figures, readable.</param>
public sealed record TabularSearch(SearchProblem Problem, GenomeEvaluation Evaluate, ImmutableArray<string> Notices);
