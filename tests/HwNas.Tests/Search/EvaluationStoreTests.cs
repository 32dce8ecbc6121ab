using HwNas.Core;
using HwNas.Core.Search;
using HwNas.Core.Spaces;

namespace HwNas.Tests.Search;

public sealed class EvaluationStoreTests : IDisposable
{
    private static readonly SearchOptions Options = new() { Evaluations = 60, Seed = 3 };
    private static readonly Limit Budget = new("macs", LimitKind.AtMost, 60);

    private readonly string _folder = Directory.CreateTempSubdirectory("hwnas-store-").FullName;

    private string Store => Path.Combine(_folder, "evaluations.jsonl");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<string> Strategies => [.. SearchStrategies.All.Select(s => s.Name)];

    [Theory]
    [MemberData(nameof(Strategies))]
    public void A_search_under_a_budget_begins_with_what_the_run_knows_and_is_never_worse(string strategy)
    {
        var (free, _) = Search("a", Options);
        var (result, evaluated) = Search("b", Options with { Strategy = strategy, Seed = 9, Evaluations = 5 }, [Budget]);

        var best = free.Evaluated.Where(c => c.Metrics[1] <= 60).Max(c => c.Metrics[0]);
        Assert.True(result.Front.Max(c => c.Metrics[0]) >= best, $"{result.Front.Max(c => c.Metrics[0])} against {best}");
        Assert.Equal(free.Evaluated.Select(c => c.Genome), result.Known.Select(c => c.Genome));
        Assert.Equal((5, 5), (result.Evaluated.Length, evaluated));
        Assert.Empty(result.Evaluated.Select(c => c.Genome).Intersect(free.Evaluated.Select(c => c.Genome)));
        Assert.All(result.Front, c => Assert.True(c.Metrics[1] <= 60));
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void A_killed_search_continues_as_it_would_have_gone_on_though_the_store_has_grown(string strategy)
    {
        var options = Options with { Strategy = strategy, FinishShare = 0.2 };
        Search("before", Options with { Evaluations = 20, Seed = 8 });
        var kept = File.ReadAllBytes(Store);
        var (whole, _) = Search("whole", options, [Budget]);

        File.WriteAllBytes(Store, kept);
        Assert.Throws<OperationCanceledException>(() => Search("killed", options, [Budget], killAfter: 25));
        Search("other", Options with { Strategy = "random", Seed = 1, Evaluations = 200 });
        var (result, _) = Search("killed", options, [Budget]);

        Assert.Equal(whole.Evaluated.Describe(), result.Evaluated.Describe());
        Assert.Equal(whole.Front.Describe(), result.Front.Describe());
        Assert.Equal(20, result.Known.Length);
    }

    [Fact]
    public void Nothing_is_evaluated_twice_by_any_searches_of_a_run()
    {
        var seen = new List<Genome>();
        foreach (var strategy in SearchStrategies.All)
            Search(strategy.Name, Options with { Strategy = strategy.Name, Evaluations = 30 }, seen: seen);

        Assert.Equal(30 * SearchStrategies.All.Length, seen.Count);
        Assert.Equal(seen.Count, seen.Distinct().Count());
    }

    [Fact]
    public void Figures_of_another_evaluator_lie_beside_and_do_not_count()
    {
        var (first, _) = Search("a", Options, evaluator: "these images");
        var (second, evaluated) = Search("b", Options, evaluator: "other images");
        var (third, again) = Search("c", Options with { Evaluations = 5 }, evaluator: "these images");

        Assert.Equal((60, 0), (evaluated, second.Known.Length));
        Assert.Equal((5, 60), (again, third.Known.Length));
        Assert.Equal(first.Evaluated.Describe(), second.Evaluated.Describe());
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void A_longer_search_keeps_what_the_shorter_one_found(string strategy)
    {
        for (var seed = 0; seed < 3; seed++)
        {
            File.Delete(Store);
            var options = Options with { Strategy = strategy, Seed = seed, Reference = [60, 300], FinishShare = 0.2 };
            var shorter = Search($"{seed}", options).Result;
            var longer = Search($"{seed}", options with { Evaluations = 90 }).Result;

            Assert.Equal((60, 90), (shorter.Evaluated.Length, longer.Evaluated.Length));
            Assert.All(shorter.Front, found => Assert.Contains(
                longer.Front, member => member.Metrics[0] >= found.Metrics[0] && member.Metrics[1] <= found.Metrics[1]));
            Assert.True(longer.Hypervolume >= shorter.Hypervolume);
        }
    }

    [Fact]
    public void A_store_that_lacks_what_a_search_began_with_is_refused()
    {
        Search("before", Options);
        Assert.Throws<OperationCanceledException>(() => Search("killed", Options with { Seed = 4 }, killAfter: 5));
        File.Delete(Store);

        var error = Assert.Throws<InputException>(() => Search("killed", Options with { Seed = 4 }));
        Assert.Contains("lacks the 60 evaluations that the search began with", error.Message);
    }

    [Fact]
    public void A_changed_byte_is_found_and_a_torn_end_dropped()
    {
        Search("a", Options with { Evaluations = 5 });
        var bytes = File.ReadAllBytes(Store);
        File.WriteAllBytes(Store, bytes[..^3]);
        using (var store = EvaluationStore.Open(Store, "eval", TestProblem.Space, TimeProvider.System))
        {
            Assert.Contains("was dropped", store.Notice);
            Assert.Equal(4, store.Before(store.End).Count);
        }

        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(Store, bytes);
        Assert.Contains("damaged at line", Assert.Throws<InputException>(() => Search("b", Options)).Message);
    }

    // As the command does it: one store for the run, one journal for each search.
    private (SearchResult Result, int Evaluated) Search(
        string journal, SearchOptions options, Limit[]? limits = null, string evaluator = "eval", int killAfter = int.MaxValue,
        List<Genome>? seen = null)
    {
        var evaluated = 0;
        var problem = TestProblem.Create(limits ?? []);
        using var store = EvaluationStore.Open(Store, evaluator, problem.Space, TimeProvider.System);
        using var record = EvaluationJournal.Open(
            Path.Combine(_folder, journal),
            JournalHeader.Of(problem, options, evaluator) with { Known = store.End },
            problem.Space, TimeProvider.System);
        var evaluate = store.Through((genome, cancellation) =>
        {
            if (++evaluated > killAfter)
                throw new OperationCanceledException();
            seen?.Add(genome);
            return TestProblem.Evaluate(genome, cancellation);
        });
        return (
            new SearchRun(problem, options, evaluate, TimeProvider.System, record, store.Before(record.Known)).Run(), evaluated);
    }
}
