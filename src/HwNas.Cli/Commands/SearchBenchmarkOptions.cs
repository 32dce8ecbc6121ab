using System.CommandLine;
using System.Text;
using HwNas.Cli.Reporting;
using HwNas.Core;
using HwNas.Core.Files;
using HwNas.Core.Metrics;
using HwNas.Core.Search;
using HwNas.Core.Search.Tables;

namespace HwNas.Cli.Commands;

/// <summary><c>hwnas search --benchmark FILE.csv</c>: a search whose evaluations are look-ups in a table.</summary>
/// <param name="strategy">The search's option for the strategy; where it gives null, the best for
/// few evaluations is taken.</param>
/// <param name="evaluations">The search's option for the evaluations.</param>
/// <param name="seed">The search's option for the seed.</param>
/// <param name="json">The search's option for JSON.</param>
/// <param name="finish">The search's option for the share of the finish.</param>
internal sealed class SearchBenchmarkOptions(
    Option<string> strategy, Option<int> evaluations, Option<int> seed, Option<bool> json, Option<double?> finish)
{
    private readonly Option<string> _file = new("--benchmark")
    {
        Description = "Search on a table of measured networks instead of a supernet.",
        HelpName = "FILE.csv",
    };

    private readonly Option<string> _genome = new("--genome")
    {
        Description = "Column of the table with the genomes: digits, or integers separated by '-'.",
        HelpName = "COLUMN",
        DefaultValueFactory = _ => "genome",
    };

    private readonly Option<string[]> _maximize = Columns("--maximize", "Columns of the table to maximise.");
    private readonly Option<string[]> _minimize = Columns("--minimize", "Columns of the table to minimise.");
    private readonly Option<string[]> _known = Columns(
        "--known", "Columns of the table that the search may see without evaluating, as it sees MACs.");
    private readonly Option<string[]> _limits = Values(
        "--limit", "Limit on a column: at most, or at least where the column is maximised.");
    private readonly Option<string[]> _reference = Values(
        "--reference", "Reference point of the hypervolume; default: the worst of the first batch.");
    private readonly Option<RepeatedRows> _repeats = new("--repeats")
    {
        Description = "Rows of one genome with different figures: refuse the table, or average them. Default: refuse.",
        HelpName = "refuse|average",
    };
    private readonly Option<string> _journal = new("--journal")
    {
        Description = "File that keeps every look-up, by which a killed search on a table continues.",
        HelpName = "FILE",
    };

    private readonly Option<string> _metrics = new("--metrics")
    {
        Description = "File for the course of a search on a table: a line of JSON for each batch.",
        HelpName = "FILE",
    };

    private readonly Option<string[]> _plot = new("--plot")
    {
        Description = "Pictures of the front on a table, by ending: .png, .svg, .pdf.",
        HelpName = "FILE",
    };

    public IReadOnlyList<Option> All =>
        [_file, _genome, _maximize, _minimize, _known, _limits, _reference, _repeats, _journal, _metrics, _plot];

    public bool IsGiven(ParseResult parsed) => parsed.GetValue(_file) is not null;

    /// <summary>
    /// Refuses options of the one kind of search with the other: what is not heeded would be a budget that is not kept.
    /// </summary>
    /// <param name="parsed">The parsed command line.</param>
    /// <param name="ofSupernet">The options of a search on a supernet.</param>
    /// <exception cref="InputException">Such an option is given; the message says what to give instead.</exception>
    public void RequireFitting(ParseResult parsed, IEnumerable<Option> ofSupernet)
    {
        if (IsGiven(parsed) && ofSupernet.FirstOrDefault(IsSet) is { } option)
        {
            throw new InputException(
                $"{option.Name} is for a search on a supernet; --benchmark searches a table. Leave one of them out. "
                + "Limits on a table are on its columns: --limit COLUMN=VALUE, such as --limit macs=300M.");
        }

        if (!IsGiven(parsed) && All.FirstOrDefault(IsSet) is { } ofTable)
        {
            throw new InputException(
                $"{ofTable.Name} is for a search on a table, but none is given: add --benchmark FILE.csv, or leave it out. "
                + "Limits on a supernet's subnets are --macs, --latency-us and the like.");
        }

        bool IsSet(Option option) => parsed.GetResult(option) is { Implicit: false };
    }

    /// <summary>Searches and prints the front.</summary>
    /// <exception cref="InputException">The table or an option is wrong.</exception>
    /// <exception cref="InfeasibleBudgetException">No row keeps the limits.</exception>
    public int Run(ParseResult parsed, CommandContext context, CancellationToken cancellation)
    {
        var table = new TabularBenchmark(
            CsvTable.Read(parsed.GetValue(_file)!), parsed.GetValue(_genome)!, parsed.GetValue(_repeats));
        Metric[] objectives =
        [
            .. Names(parsed, _maximize).Select(name => new Metric(name, Direction.Maximize, "")),
            .. Names(parsed, _minimize).Select(name => new Metric(name, Direction.Minimize, "")),
        ];
        if (objectives.Length == 0)
            throw new InputException("--benchmark needs something to optimise: name columns with --maximize or --minimize.");
        var plots = parsed.GetValue(_plot) ?? [];
        var picture = plots.Length > 0 ? TablePicture.Of(objectives) : null;
        foreach (var file in plots)
            PlotFile.RequireWritable(file);
        if (parsed.GetValue(_metrics) is { } course)
            AtomicFile.RequireWritable(course);
        var search = table.Search(objectives, Names(parsed, _known), Limits(parsed, objectives));
        foreach (var notice in search.Notices)
            context.Say(notice);
        var name = parsed.GetValue(strategy) ?? SearchStrategies.DefaultForFewEvaluations;
        var options = new SearchOptions
        {
            Strategy = name,
            Evaluations = parsed.GetValue(evaluations),
            Seed = parsed.GetValue(seed),
            FinishShare = parsed.GetValue(finish),
            Reference = [.. Reference(parsed, search.Problem)],
        };
        var result = Search(parsed, context, table, search, options, cancellation);
        var report = SearchBenchmarkReport.Of(table, search.Problem, result);
        var missing = result.Evaluated.Count(candidate => candidate.IsInvalid);
        if (missing > 0)
        {
            context.Say(
                $"{missing} of the {result.Evaluated.Length} evaluated genomes have no row: "
                + $"the table holds {table.Count} of {table.Space.Count} combinations.");
        }

        foreach (var file in plots)
        {
            ParetoPlot.Save(
                picture!.Draw(Path.GetFileNameWithoutExtension(parsed.GetValue(_file)!), search.Problem, result), file);
        }

        if (parsed.GetValue(json))
            report.WriteJson(context.Out);
        else
            context.Out.Write(report.ToText(result, context.Screen));
        return ExitCodes.Done;
    }

    private SearchResult Search(
        ParseResult parsed, CommandContext context, TabularBenchmark table, TabularSearch search, SearchOptions options,
        CancellationToken cancellation)
    {
        var path = parsed.GetValue(_journal);
        using var journal = path is null
            ? null
            : EvaluationJournal.Open(path, JournalHeader.Of(search.Problem, options, table.Hash), table.Space, context.Time);
        if (journal?.Notice is { } notice)
            context.Say(notice);
        using var metrics = OpenMetrics(parsed.GetValue(_metrics), continues: journal?.Recorded > 0);
        using var line = ProgressLine.ForConsole(context, "search");
        var result = new SearchRun(search.Problem, options, search.Evaluate, context.Time, journal)
            .Run(new SearchReporter(line, metrics), cancellation);
        if (result.StopReason == StopReason.Cancelled)
        {
            throw new InterruptedException($"interrupted after {result.Evaluated.Length} of {options.Evaluations} evaluations."
                + (path is null ? " With --journal it could be continued." : ""));
        }

        if (result.ResumedEvaluations > 0)
            context.Say($"{Plural.Of(result.ResumedEvaluations, "evaluation")} came from '{path}'.");
        return result;
    }

    // Without a journal every search is a new one.
    private static SearchMetrics? OpenMetrics(string? path, bool continues)
    {
        if (path is null)
            return null;
        if (!continues)
            File.Delete(path);
        return SearchMetrics.Open(path);
    }

    private List<Limit> Limits(ParseResult parsed, Metric[] objectives) =>
        Pairs(parsed, _limits).ConvertAll(pair => new Limit(
            pair.Column,
            Array.Exists(objectives, o => o.Name == pair.Column && o.Direction == Direction.Maximize)
                ? LimitKind.AtLeast
                : LimitKind.AtMost,
            pair.Value));

    private IEnumerable<double> Reference(ParseResult parsed, SearchProblem problem)
    {
        var pairs = Pairs(parsed, _reference);
        if (pairs.Count == 0)
            return [];
        var columns = problem.Objectives.Select(o => o.Name).ToArray();
        return pairs.Count == columns.Length
            && pairs.TrueForAll(pair => columns.Contains(pair.Column))
            && pairs.DistinctBy(pair => pair.Column).Count() == columns.Length
            ? columns.Select(column => pairs.Find(pair => pair.Column == column).Value)
            : throw new InputException(
                "--reference needs one value for each objective: "
                + $"{string.Join(",", columns.Select(column => $"{column}=VALUE"))}.");
    }

    // Names with commas stand in quotes, as in the table's first line.
    private static string[] Names(ParseResult parsed, Option<string[]> option) =>
        [.. (parsed.GetValue(option) ?? []).SelectMany(Split)];

    private static IEnumerable<string> Split(string list)
    {
        var (name, isQuoted) = (new StringBuilder(), false);
        foreach (var letter in list)
        {
            if (letter == '"')
            {
                isQuoted = !isQuoted;
            }
            else if (letter == ',' && !isQuoted)
            {
                yield return name.ToString();
                name.Clear();
            }
            else
            {
                name.Append(letter);
            }
        }

        yield return name.ToString();
    }

    private static List<(string Column, double Value)> Pairs(ParseResult parsed, Option<string[]> option) =>
        [.. Names(parsed, option).Select(text =>
        {
            var end = text.LastIndexOf('=');
            return end > 0 && Numbers.Quantity(text[(end + 1)..]) is { } value
                ? (text[..end], value)
                : throw new InputException(
                    $"{option.Name} '{text}' is not COLUMN=VALUE with a number, such as macs=300M or latency=1.5.");
        })];

    private static Option<string[]> Columns(string name, string description) =>
        new(name) { Description = description, HelpName = "COLUMN[,COLUMN]" };

    private static Option<string[]> Values(string name, string description) =>
        new(name) { Description = description, HelpName = "COLUMN=VALUE[,COLUMN=VALUE]" };
}
