using HwNas.Core;
using HwNas.Core.Pareto;
using HwNas.Core.Search;
using HwNas.Core.Spaces;

namespace HwNas.Tests.Search;

/// <summary>Several evaluations at once: nobody idles, and the journal keeps the order in which results came.</summary>
public sealed class EvaluationsInFlightTests : IDisposable
{
    private const int Evaluations = 90;

    // For what would never come where a strategy waited for it.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly string _folder = Directory.CreateTempSubdirectory("hwnas-flight-").FullName;

    public static TheoryData<string> Strategies => [.. SearchStrategies.All.Select(s => s.Name)];

    private string Journal => Path.Combine(_folder, "search.journal");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("coarse-to-fine")]
    [InlineData("random")]
    [InlineData("tournament")]
    [InlineData("regularised-evolution")]
    [InlineData("bayesian")]
    [InlineData("local-search")]
    public void While_a_slow_evaluator_is_busy_with_one_network_a_fast_one_does_all_others(string strategy)
    {
        using var othersDone = new CountdownEvent(Evaluations - 1);
        var started = 0;
        var result = Search(new SearchOptions { Strategy = strategy, Evaluations = Evaluations, Threads = 2 }, (genome, cancel) =>
        {
            if (Interlocked.Increment(ref started) == 1)
                Assert.True(othersDone.Wait(Patience, CancellationToken.None), "The fast evaluator is idle.");
            else
                othersDone.Signal();
            return TestProblem.Evaluate(genome, cancel);
        });

        Assert.Equal((Evaluations, StopReason.EvaluationsSpent), (result.Evaluated.Length, result.StopReason));
        Assert.Equal(Evaluations, result.Evaluated.Select(c => c.Genome).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void Every_strategy_spends_its_evaluations_with_several_in_flight_and_no_more(string strategy)
    {
        var (running, most) = (0, 0);
        var delays = new Delays(seed: 1);
        var options = new SearchOptions { Strategy = strategy, Evaluations = Evaluations, Threads = 4, FinishShare = 0.2 };
        var result = Search(options, (genome, cancel) =>
        {
            InterlockedMax(ref most, Interlocked.Increment(ref running));
            delays.Wait();
            Interlocked.Decrement(ref running);
            return TestProblem.Evaluate(genome, cancel);
        });

        Assert.InRange(most, 1, 4);
        Assert.Equal(Evaluations, result.Evaluated.Select(c => c.Genome).Distinct().Count());
        Assert.Equal(ParetoFront.Of(result.Evaluated).Describe(), result.Front.Describe());
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void A_killed_search_continues_with_what_was_in_flight_and_in_the_order_of_the_journal(string strategy)
    {
        var options = new SearchOptions { Strategy = strategy, Evaluations = Evaluations, Threads = 4, Seed = 2 };
        using var kill = new CancellationTokenSource();
        var (first, lost) = (new Delays(seed: 1), new HashSet<Genome>());
        var count = 0;
        var killed = Search(options, (genome, cancel) =>
        {
            first.Wait();
            if (Interlocked.Increment(ref count) == 50)
                kill.Cancel();
            if (!cancel.IsCancellationRequested)
                return TestProblem.Evaluate(genome, cancel);
            lock (lost)
                lost.Add(genome);
            throw new OperationCanceledException(cancel);
        }, kill.Token);
        Assert.Equal(StopReason.Cancelled, killed.StopReason);
        Assert.InRange(lost.Count, 1, 4);

        // Others would have been asked for, had the strategy heard of anything in another order.
        var (second, evaluated) = (new Delays(seed: 9), new List<Genome>());
        var whole = Search(options with { Threads = 2 }, (genome, cancel) =>
        {
            lock (evaluated)
                evaluated.Add(genome);
            second.Wait();
            return TestProblem.Evaluate(genome, cancel);
        });

        Assert.Equal((Evaluations, killed.Evaluated.Length), (whole.Evaluated.Length, whole.ResumedEvaluations));
        Assert.Equal(killed.Evaluated.Describe(), whole.Evaluated.Take(killed.Evaluated.Length).Describe());
        Assert.Equal(Evaluations - killed.Evaluated.Length, evaluated.Count);
        Assert.Subset(evaluated.Take(4).ToHashSet(), lost);

        // The journal of both is the whole search, whoever reads it.
        foreach (var threads in new[] { 1, 3 })
        {
            var replayed = Search(options with { Threads = threads }, (_, _) => throw new InputException("Evaluated twice."));
            Assert.Equal(whole.Evaluated.Describe(), replayed.Evaluated.Describe());
            Assert.Equal(whole.Front.Describe(), replayed.Front.Describe());
            Assert.Equal(whole.Hypervolume, replayed.Hypervolume);
        }
    }

    [Fact]
    public void A_strategy_that_knows_nothing_of_what_is_pending_waits_for_it()
    {
        var options = new SearchOptions
        {
            OwnStrategy = new StrategyDescription("stubborn", "", "", context => new Stubborn(context.Problem.Space)),
            Evaluations = Evaluations,
            Threads = 3,
        };
        var delays = new Delays(seed: 1);
        var result = Search(options, (genome, cancel) =>
        {
            delays.Wait();
            return TestProblem.Evaluate(genome, cancel);
        });

        Assert.Equal(TestProblem.Space.Enumerate().Take(Evaluations), result.Evaluated.Select(c => c.Genome));
    }

    [Fact]
    public void An_error_of_one_evaluator_cancels_the_others_and_what_they_had_finished_is_kept()
    {
        using var othersStarted = new CountdownEvent(2);
        var (started, cancelled) = (0, 0);
        var error = Assert.Throws<InputException>(() => Search(
            new SearchOptions { Strategy = "random", Evaluations = Evaluations, Threads = 3 }, (genome, cancel) =>
            {
                switch (Interlocked.Increment(ref started))
                {
                    case 3:
                        Assert.True(othersStarted.Wait(Patience, CancellationToken.None));
                        throw new InputException("The board is gone.");
                    case 2:
                        othersStarted.Signal();
                        Assert.True(cancel.WaitHandle.WaitOne(Patience));
                        return TestProblem.Evaluate(genome, cancel);
                    default:
                        othersStarted.Signal();
                        Assert.True(cancel.WaitHandle.WaitOne(Patience));
                        Interlocked.Increment(ref cancelled);
                        throw new OperationCanceledException(cancel);
                }
            }));

        Assert.Equal("The board is gone.", error.Message);
        Assert.Equal((3, 1), (started, cancelled));
        Assert.Equal(2, File.ReadLines(Journal).Count());
    }

    private SearchResult Search(SearchOptions options, GenomeEvaluation evaluate, CancellationToken cancellation = default)
    {
        var problem = TestProblem.Create();
        using var journal = EvaluationJournal.Open(
            Journal, JournalHeader.Of(problem, options, "eval"), problem.Space, TimeProvider.System);
        return new SearchRun(problem, options, evaluate, TimeProvider.System, journal).Run(cancellation: cancellation);
    }

    private static void InterlockedMax(ref int most, int value)
    {
        var seen = most;
        while (value > seen && Interlocked.CompareExchange(ref most, value, seen) is var now && now != seen)
            seen = now;
    }

    /// <summary>Asks for the first network that it has not heard of, again and again.</summary>
    private sealed class Stubborn(GenomeSpace space) : ISearchStrategy
    {
        private readonly HashSet<Genome> _told = [];

        public IReadOnlyList<Genome> Ask(IReadOnlyList<Genome> pending) => [space.Enumerate().First(g => !_told.Contains(g))];

        public void Tell(IReadOnlyList<Candidate> candidates) => _told.UnionWith(candidates.Select(c => c.Genome));
    }

    /// <summary>Evaluations take from no time to three milliseconds.</summary>
    private sealed class Delays(int seed)
    {
        private readonly Random _random = new(seed);

        public void Wait()
        {
            int milliseconds;
            lock (_random)
                milliseconds = _random.Next(4);
            Thread.Sleep(milliseconds);
        }
    }
}
