using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using HwNas.Core.Files;
using HwNas.Core.Metrics;
using HwNas.Core.Spaces;

namespace HwNas.Core.Search.Tables;

/// <summary>
/// A search space whose networks are the rows of a table, with their measured figures. A gene's choices are what occurs
/// in its place anywhere in the table; combinations without a row are invalid networks, found out by evaluating them.
/// </summary>
public sealed class TabularBenchmark
{
    private const int GreatestValue = 9_999;
    private const int SparseRatio = 10;

    private readonly CsvTable _table;
    private readonly int _column;
    private readonly Dictionary<Genome, CsvRow> _rows = [];

    /// <summary>Reads the genomes of a table.</summary>
    /// <param name="table">The table.</param>
    /// <param name="genomeColumn">Its column of genomes: digits, or small integers separated by '-'.</param>
    /// <exception cref="InputException">A genome is malformed or there twice, all are alike, or a gene has too many choices.</exception>
    public TabularBenchmark(CsvTable table, string genomeColumn)
    {
        ArgumentNullException.ThrowIfNull(table);
        _table = table;
        _column = table.IndexOf(genomeColumn);
        var numbers = ReadNumbers();
        Space = new GenomeSpace(Genes(numbers));
        foreach (var (row, values) in table.Rows.Zip(numbers))
        {
            // The stage of a gene is its place; places with one value have no gene.
            var genome = Space.Create([.. Space.Genes.Select(g => (byte)g.Choices.BinarySearch(values[g.Stage]))]);
            if (!_rows.TryAdd(genome, row))
                throw Error(row, $"the genome '{row.Fields[_column]}' of line {_rows[genome].Line} again");
        }

        Hash = ContentHash.OfText(string.Join('\n', table.Rows.Select(row => string.Join('\u001f', row.Fields)).Prepend(string.Join('\u001f', table.Columns))));
    }

    /// <summary>The genes: one for each place of the genomes with more than one value.</summary>
    public GenomeSpace Space { get; }

    /// <summary>Number of rows: of the networks of <see cref="Space"/>, those that are valid.</summary>
    public int Count => _rows.Count;

    // Where rows are rare, a genome drawn from all has none, and a search would see nothing but invalid networks.
    private bool IsSparse => new BigInteger(Count) * SparseRatio < Space.Count;

    /// <summary>Hash of all that the table says.</summary>
    public string Hash { get; }

    /// <summary>The text of a network in the table.</summary>
    /// <exception cref="KeyNotFoundException">It has no row.</exception>
    public string TextOf(Genome genome) => _rows[genome].Fields[_column];

    /// <summary>
    /// The problem of some columns. Limits are checked against the rows at once; otherwise figures come to light by
    /// evaluating, except for those columns that are declared to be known.
    /// </summary>
    /// <param name="objectives">The columns to optimise.</param>
    /// <param name="known">Those columns that are known without evaluation, as MACs are.</param>
    /// <param name="limits">Limits on any columns.</param>
    /// <exception cref="InputException">A column is unknown or twice there, or a figure in it is no number.</exception>
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
        var figures = Figures(measured);
        var costFigures = Figures(costs);
        var ranges = Enumerable.Range(0, costs.Length)
            .Select(i => new CostRange(costFigures.Values.Min(row => row[i]), costFigures.Values.Max(row => row[i])));
        var problem = new SearchProblem(
            Space, Hash, measured, new KnownCosts(costs, (choices, values) => Known(costFigures, choices, values), ranges), objectives.Select(o => o.Name), limits)
        {
            Listed = IsSparse ? [.. figures.Keys] : [],
        };
        RequireARow(problem, figures);
        return new TabularSearch(problem, (genome, _) => figures.GetValueOrDefault(genome));
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
            return string.Create(CultureInfo.InvariantCulture, $"  {limit}: rows reach {values.Min():R} to {values.Max():R}; {kept} of {rows.Count} keep it");
        });
        throw new InfeasibleBudgetException($"No row of the table keeps the limits:\n{string.Join('\n', lines)}");
    }

    private Dictionary<Genome, double[]> Figures(IReadOnlyList<Metric> metrics)
    {
        var columns = metrics.Select(m => _table.IndexOf(m.Name)).ToArray();
        return _rows.ToDictionary(row => row.Key, row => Array.ConvertAll(columns, column => Number(row.Value, column)));
    }

    private double Number(CsvRow row, int column) =>
        double.TryParse(row.Fields[column], NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value
            : throw Error(row, $"'{row.Fields[column]}' in column '{_table.Columns[column]}' is no finite number");

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
                .Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : -1).ToArray();
            if (values.Length == 0 || !values.All(v => v is >= 0 and <= GreatestValue))
                throw Error(row, $"'{text}' in column '{_table.Columns[_column]}' is no genome: digits, or integers up to {GreatestValue} separated by '-'");
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
                throw new InputException($"'{_table.Path}': place {place + 1} of the genomes has {choices.Length} values; at most 255 are possible.");
            if (choices.Length > 1)
                genes.Add(new Gene(GeneKind.Operator, place, -1, $"{_table.Columns[_column]}.{place}", choices));
        }

        return genes.Count > 0 ? genes : throw new InputException($"'{_table.Path}' holds one genome only; there is nothing to search for.");
    }

    private InputException Error(CsvRow row, string problem) => new($"'{_table.Path}' line {row.Line}: {problem}.");
}

/// <summary>A problem on a table with the evaluation that looks networks up.</summary>
/// <param name="Problem">What is searched for.</param>
/// <param name="Evaluate">Looks one network up; null where the table has no row.</param>
public sealed record TabularSearch(SearchProblem Problem, GenomeEvaluation Evaluate);
