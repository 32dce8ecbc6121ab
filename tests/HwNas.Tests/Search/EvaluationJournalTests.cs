using FsCheck;
using FsCheck.Fluent;
using HwNas.Core;
using HwNas.Core.Search;
using HwNas.Core.Spaces;

namespace HwNas.Tests.Search;

public sealed class EvaluationJournalTests : IDisposable
{
    private static readonly SearchOptions Options = new() { Evaluations = 120, Seed = 3 };

    private readonly string _folder = Directory.CreateTempSubdirectory("hwnas-journal-").FullName;

    private string Journal => Path.Combine(_folder, "search.journal");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<string> Strategies => [.. SearchStrategies.All.Select(s => s.Name)];

    [Theory]
    [MemberData(nameof(Strategies))]
    public void A_search_cut_anywhere_continues_to_the_identical_result_and_evaluates_nothing_twice(string strategy)
    {
        var options = Options with { Strategy = strategy };
        var whole = TestProblem.Run(TestProblem.Create(), options, TestProblem.Evaluate);
        Search(options);
        var bytes = File.ReadAllBytes(Journal);
        var header = Array.IndexOf(bytes, (byte)'\n') + 1;
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(12), Prop.ForAll(Gen.Choose(header, bytes.Length).ToArbitrary(), cut =>
        {
            File.WriteAllBytes(Journal, bytes[..cut]);
            var kept = bytes[header..cut].Count(b => b == '\n');
            var (result, evaluated, notice) = Search(options);

            Assert.Equal(whole.Evaluated.Describe(), result.Evaluated.Describe());
            Assert.Equal(whole.Front.Describe(), result.Front.Describe());
            Assert.Equal((kept, 120 - kept), (result.ResumedEvaluations, evaluated));
            Assert.Equal(bytes[cut - 1] != '\n', notice is not null);
            Assert.Equal(bytes, File.ReadAllBytes(Journal));
        }));
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void More_evaluations_continue_a_finished_search(string strategy)
    {
        var options = Options with { Strategy = strategy };
        var first = Search(options with { Evaluations = 60 }).Result.Evaluated.Select(c => c.Genome).ToHashSet();
        var (result, evaluated, _) = Search(options with { Evaluations = 90 });

        // With more evaluations a strategy may go another way: what it then asks for is evaluated, and nothing twice.
        Assert.Equal(90, result.Evaluated.Length);
        Assert.Equal(result.Evaluated.Count(c => !first.Contains(c.Genome)), evaluated);
        if (strategy == "random")
            Assert.Equal(30, evaluated);
    }

    [Fact]
    public void Invalid_networks_are_remembered_as_such()
    {
        double[]? Evaluate(Genome genome, CancellationToken cancellation) =>
            genome[0] == 0 ? null : TestProblem.Evaluate(genome, cancellation);
        var (first, _, _) = Search(Options, Evaluate);
        var (second, evaluated, _) = Search(Options, Evaluate);

        Assert.Contains(first.Evaluated, c => c.IsInvalid);
        Assert.Equal(0, evaluated);
        Assert.Equal(first.Evaluated.Describe(), second.Evaluated.Describe());
    }

    [Fact]
    public void Every_changed_byte_before_the_last_record_is_found()
    {
        Search(Options with { Evaluations = 3 });
        var bytes = File.ReadAllBytes(Journal);
        var lastRecord = Array.LastIndexOf(bytes, (byte)'\n', bytes.Length - 2) + 1;
        for (var i = 0; i < lastRecord - 1; i++)
        {
            var damaged = bytes.ToArray();
            damaged[i] ^= 1;
            File.WriteAllBytes(Journal, damaged);
            Assert.Contains("damaged at line", Assert.Throws<InputException>(() => Search(Options)).Message);
        }
    }

    [Fact]
    public void A_removed_or_moved_record_is_found()
    {
        Search(Options);
        var lines = File.ReadAllLines(Journal);
        File.WriteAllLines(Journal, [.. lines[..5], .. lines[6..]]);
        Assert.Contains("line 6", Assert.Throws<InputException>(() => Search(Options)).Message);

        (lines[5], lines[6]) = (lines[6], lines[5]);
        File.WriteAllLines(Journal, lines);
        Assert.Contains("line 6", Assert.Throws<InputException>(() => Search(Options)).Message);
    }

    [Fact]
    public void A_damaged_last_record_is_dropped_and_said_so()
    {
        Search(Options);
        var bytes = File.ReadAllBytes(Journal);
        var damaged = bytes.ToArray();
        damaged[^5] ^= 1;
        File.WriteAllBytes(Journal, damaged);
        var (_, evaluated, notice) = Search(Options);

        Assert.Equal(1, evaluated);
        Assert.Contains("was dropped", notice);
        Assert.Equal(bytes, File.ReadAllBytes(Journal));
    }

    [Fact]
    public void A_journal_of_another_search_is_refused_and_the_difference_named()
    {
        Search(Options);

        Assert.Contains("its seed: '3', of this search: '4'", Refused(Options with { Seed = 4 }, "eval"));
        Assert.Contains(
            "its strategy: 'coarse-to-fine', of this search: 'random'", Refused(Options with { Strategy = "random" }, "eval"));
        Assert.Contains("its evaluator: 'eval', of this search: 'other'", Refused(Options, "other"));
        Assert.Contains(
            "its limits: '', of this search: 'macs <= 99'", Refused(Options, "eval", new Limit("macs", LimitKind.AtMost, 99)));
        Assert.Contains(
            "its share of the finish: '0', of this search: '0.25'", Refused(Options with { FinishShare = 0.25 }, "eval"));
        Assert.Contains(
            "its reference point: '', of this search: '60, 99.5'", Refused(Options with { Reference = [60, 99.5] }, "eval"));
        Assert.Contains(
            "its objectives: 'maximize accuracy, minimize macs', of this search: 'maximize accuracy, minimize params'",
            Refused(TestProblem.Create(["accuracy", "params"]), Options, "eval"));
        Assert.Contains(
            "its sources of known costs: '', of this search: 'pi5 abc'",
            Refused(TestProblem.Create(["accuracy", "macs"], "pi5 abc"), Options, "eval"));
    }

    [Fact]
    public void All_differences_are_named_at_once()
    {
        Search(Options);
        var message = Refused(Options with { Seed = 4, Strategy = "random" }, "eval");

        Assert.Contains("seed", message);
        Assert.Contains("strategy", message);
    }

    [Fact]
    public void Threads_and_the_number_of_evaluations_are_no_other_search()
    {
        Search(Options);
        Open(TestProblem.Create(), Options with { Threads = 2, Evaluations = 500 }, "eval").Dispose();
    }

    [Fact]
    public void An_empty_or_foreign_file_is_refused()
    {
        File.WriteAllText(Journal, "");
        Assert.Contains("empty", Refused(Options, "eval"));
        File.WriteAllText(Journal, "once upon a time\n");
        Assert.Contains("damaged at line 1", Refused(Options, "eval"));
    }

    [Fact]
    public void A_journal_in_use_is_refused()
    {
        using var open = Open(TestProblem.Create(), Options, "eval");
        Assert.Contains("another process is using it", Refused(Options, "eval"));
    }

    [Fact]
    public void Threads_may_write_in_any_order()
    {
        var (first, _, _) = Search(Options with { Threads = 4 });
        var (second, evaluated, _) = Search(Options);

        Assert.Equal(0, evaluated);
        Assert.Equal(first.Evaluated.Describe(), second.Evaluated.Describe());
    }

    private string Refused(SearchOptions options, string evaluator, params Limit[] limits) =>
        Refused(TestProblem.Create(limits), options, evaluator);

    private string Refused(SearchProblem problem, SearchOptions options, string evaluator) =>
        Assert.Throws<InputException>(() => Open(problem, options, evaluator).Dispose()).Message;

    private EvaluationJournal Open(SearchProblem problem, SearchOptions options, string evaluator) =>
        EvaluationJournal.Open(Journal, JournalHeader.Of(problem, options, evaluator), problem.Space, TimeProvider.System);

    private (SearchResult Result, int Evaluated, string? Notice) Search(SearchOptions options, GenomeEvaluation? evaluate = null)
    {
        var evaluated = 0;
        var problem = TestProblem.Create();
        using var journal = Open(problem, options, "eval");
        var result = TestProblem.Run(problem, options, (genome, cancellation) =>
        {
            Interlocked.Increment(ref evaluated);
            return (evaluate ?? TestProblem.Evaluate)(genome, cancellation);
        }, journal);
        return (result, evaluated, journal.Notice);
    }
}
