using HwNas.Core;
using HwNas.Core.Search;

namespace HwNas.Tests.Search;

public sealed class SearchMetricsTests : IDisposable
{
    private static readonly SearchOptions Options = new()
    {
        Evaluations = 150,
        Seed = 3,
        Strategy = "nsga2",
        Reference = [60, 1000],
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("hwnas-metrics-").FullName;

    private string File => Path.Combine(_folder, "search.metrics.jsonl");

    private string Journal => Path.Combine(_folder, "search.journal");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_line_for_each_batch_ends_with_the_result()
    {
        var result = Search(Options);
        var lines = SearchMetrics.Read(File);

        Assert.True(lines.Count > 1);
        Assert.Equal(
            (150, result.Front.Count, result.Hypervolume),
            (lines[^1].Evaluations, lines[^1].FrontSize, lines[^1].Hypervolume!.Value));
        Assert.Equal(lines.OrderBy(l => l.Evaluations).Select(l => l.Evaluations).Distinct(), lines.Select(l => l.Evaluations));
        Assert.Equal(lines.OrderBy(l => l.Hypervolume), lines);
    }

    [Fact]
    public void A_search_that_was_interrupted_anywhere_ends_with_the_lines_of_one_that_was_not()
    {
        Search(Options with { Evaluations = 150 });
        var whole = States();
        for (var stopAfter = 1; stopAfter < 150; stopAfter += 13)
        {
            Clear();
            using (var source = new CancellationTokenSource())
                Search(Options, source, stopAfter);
            var interrupted = SearchMetrics.Read(File);
            Search(Options);

            Assert.Equal(whole, States());
            Assert.Equal(interrupted, SearchMetrics.Read(File).Take(interrupted.Count));
            Assert.Equal(SearchMetrics.Read(File).OrderBy(l => l.ElapsedSeconds), SearchMetrics.Read(File));
        }
    }

    [Fact]
    public void A_torn_last_line_is_written_anew()
    {
        Search(Options);
        var whole = States();
        var bytes = System.IO.File.ReadAllBytes(File);
        System.IO.File.WriteAllBytes(File, bytes[..^7]);

        Assert.Equal(whole.Length - 1, SearchMetrics.Read(File).Count);
        Search(Options);
        Assert.Equal(whole, States());
    }

    [Fact]
    public void A_search_that_goes_another_way_with_more_evaluations_keeps_no_line_of_the_old_one()
    {
        Search(Options with { Strategy = "coarse-to-fine", Evaluations = 60 });
        Search(Options with { Strategy = "coarse-to-fine", Evaluations = 120 });
        var continued = States();
        Clear();
        Search(Options with { Strategy = "coarse-to-fine", Evaluations = 120 });

        Assert.Equal(States(), continued);
    }

    [Fact]
    public void Time_goes_on_where_it_was()
    {
        Report(TimeSpan.FromSeconds(10), 20);
        using (var metrics = SearchMetrics.Open(File))
        {
            metrics.Report(Progress(20, TimeSpan.FromSeconds(1)));
            metrics.Report(Progress(40, TimeSpan.FromSeconds(4)));
        }

        Assert.Equal([10, 13], SearchMetrics.Read(File).Select(l => l.ElapsedSeconds));
    }

    [Fact]
    public void A_malformed_line_is_named()
    {
        Report(TimeSpan.FromSeconds(1), 20);
        System.IO.File.WriteAllText(File, "{\"evaluations\":\"many\"}\n" + System.IO.File.ReadAllText(File));

        Assert.Contains("line 1", Assert.Throws<InputException>(() => SearchMetrics.Open(File)).Message);
        Assert.Contains("line 1", Assert.Throws<InputException>(() => SearchMetrics.Read(File)).Message);
    }

    private void Report(TimeSpan elapsed, int evaluations)
    {
        using var metrics = SearchMetrics.Open(File);
        metrics.Report(Progress(evaluations, elapsed));
    }

    private static SearchProgress Progress(int evaluations, TimeSpan elapsed) =>
        new(evaluations, 100, 3, evaluations / 10.0, elapsed, null);

    private (int, int, double?)[] States() =>
        [.. SearchMetrics.Read(File).Select(l => (l.Evaluations, l.FrontSize, l.Hypervolume))];

    private void Clear()
    {
        System.IO.File.Delete(File);
        System.IO.File.Delete(Journal);
    }

    private SearchResult Search(SearchOptions options, CancellationTokenSource? source = null, int stopAfter = int.MaxValue)
    {
        var evaluated = 0;
        var problem = TestProblem.Create();
        using var journal = EvaluationJournal.Open(
            Journal, JournalHeader.Of(problem, options, "eval"), problem.Space, TimeProvider.System);
        using var metrics = SearchMetrics.Open(File);
        return new SearchRun(problem, options, (genome, cancellation) =>
        {
            if (++evaluated == stopAfter)
                source!.Cancel();
            return TestProblem.Evaluate(genome, cancellation);
        }, TimeProvider.System, journal).Run(metrics, source?.Token ?? default);
    }
}
