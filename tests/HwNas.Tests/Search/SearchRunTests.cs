using HwNas.Core;
using HwNas.Core.Pareto;
using HwNas.Core.Search;
using HwNas.Core.Spaces;

namespace HwNas.Tests.Search;

public sealed class SearchRunTests
{
    private static readonly SearchOptions Options = new() { Strategy = "coarse-to-fine", Evaluations = 200, Seed = 5 };

    [Fact]
    public void It_evaluates_each_genome_once_and_as_many_as_asked_for()
    {
        var seen = new Dictionary<Genome, int>();
        var result = TestProblem.Run(TestProblem.Create(), Options, (genome, cancellation) =>
        {
            seen[genome] = seen.GetValueOrDefault(genome) + 1;
            return TestProblem.Evaluate(genome, cancellation);
        });

        Assert.Equal(200, result.Evaluated.Length);
        Assert.Equal(200, seen.Count);
        Assert.All(seen.Values, times => Assert.Equal(1, times));
        Assert.Equal(StopReason.EvaluationsSpent, result.StopReason);
    }

    [Fact]
    public void The_front_is_the_front_of_what_was_evaluated()
    {
        var result = TestProblem.Run(TestProblem.Create(), Options);

        Assert.Equal(ParetoFront.Of(result.Evaluated).Describe(), result.Front.Describe());
    }

    [Fact]
    public void A_small_space_is_exhausted()
    {
        var space = new GenomeSpace(
            [new Gene(GeneKind.Operator, 0, -1, "a", [0, 1, 2]), new Gene(GeneKind.Operator, 1, -1, "b", [0, 1])]);
        var problem = new SearchProblem(space, "tiny", [TestProblem.Accuracy], KnownCosts.None, ["accuracy"], []);
        var result = TestProblem.Run(problem, Options, (genome, _) => [genome[0] + genome[1]]);

        Assert.Equal(StopReason.SpaceExhausted, result.StopReason);
        Assert.Equal(6, result.Evaluated.Length);
        Assert.Equal("21", Assert.Single(result.Front).Genome.ToString());
    }

    [Fact]
    public void Cancellation_returns_what_was_evaluated()
    {
        using var source = new CancellationTokenSource();
        var evaluated = 0;
        var run = new SearchRun(TestProblem.Create(), Options, (genome, cancellation) =>
        {
            if (++evaluated == 50)
                source.Cancel();
            return TestProblem.Evaluate(genome, cancellation);
        }, TimeProvider.System);
        var result = run.Run(cancellation: source.Token);

        Assert.Equal(StopReason.Cancelled, result.StopReason);
        Assert.Equal(50, result.Evaluated.Length);
    }

    [Fact]
    public void Errors_of_an_evaluator_come_through_as_they_are()
    {
        var error = Assert.Throws<InputException>(() => TestProblem.Run(
            TestProblem.Create(), Options with { Threads = 3 }, (_, _) => throw new InputException("The data set is gone.")));
        Assert.Equal("The data set is gone.", error.Message);
    }

    [Fact]
    public void Invalid_networks_cost_an_evaluation_and_never_reach_the_front()
    {
        var result = TestProblem.Run(
            TestProblem.Create(), Options,
            (genome, cancellation) => genome[0] % 2 == 1 ? null : TestProblem.Evaluate(genome, cancellation));

        Assert.Equal(200, result.Evaluated.Length);
        Assert.Contains(result.Evaluated, c => c.IsInvalid);
        Assert.All(result.Front, c => Assert.Equal(0, c.Genome[0] % 2));
    }

    [Fact]
    public void Progress_ends_with_the_result()
    {
        var reports = new List<SearchProgress>();
        var run = new SearchRun(
            TestProblem.Create(), Options with { Reference = [60, 1000] }, TestProblem.Evaluate, TimeProvider.System);
        var result = run.Run(new Collector(reports));

        Assert.Equal(
            (200, 200, result.Front.Count), (reports[^1].Evaluations, reports[^1].TotalEvaluations, reports[^1].FrontSize));
        Assert.Equal(result.Hypervolume, reports[^1].Hypervolume!.Value);
        Assert.Equal(TimeSpan.Zero, reports[^1].Remaining);
        Assert.Equal(reports.OrderBy(r => r.Hypervolume), reports);
    }

    [Fact]
    public void Limits_on_known_costs_are_kept_before_anything_is_evaluated()
    {
        var result = TestProblem.Run(
            TestProblem.Create(new Limit("macs", LimitKind.AtMost, 60), new Limit("params", LimitKind.AtMost, 22)), Options);

        Assert.All(result.Evaluated, c => Assert.True(c.IsFeasible));
        Assert.NotEmpty(result.Front);
    }

    [Fact]
    public void Limits_on_measured_metrics_bound_the_front()
    {
        var result = TestProblem.Run(TestProblem.Create(new Limit("accuracy", LimitKind.AtLeast, 80)), Options);

        Assert.Contains(result.Evaluated, c => !c.IsFeasible);
        Assert.All(result.Front, c => Assert.True(c.Metrics[0] >= 80));
    }

    [Fact]
    public void One_set_of_evaluations_gives_a_front_for_every_choice_of_objectives()
    {
        var problem = TestProblem.Create();
        var result = TestProblem.Run(problem, Options);
        var byParams = problem.FrontOver(result.Evaluated, "accuracy", "params");

        Assert.All(byParams, member => Assert.DoesNotContain(result.Evaluated, other =>
            other.Metrics[0] >= member.Metrics[0] && other.Metrics[2] < member.Metrics[2]));
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        Assert.Throws<InputException>(() => TestProblem.Run(TestProblem.Create(), Options with { Evaluations = 0 }));
        Assert.Throws<InputException>(() => TestProblem.Run(TestProblem.Create(), Options with { Threads = 0 }));
        Assert.Throws<InputException>(() => TestProblem.Run(TestProblem.Create(), Options with { Reference = [1] }));
        var error = Assert.Throws<InputException>(
            () => TestProblem.Run(TestProblem.Create(), Options with { Strategy = "magic" }));
        Assert.Contains("coarse-to-fine", error.Message);
    }

    private sealed class Collector(List<SearchProgress> reports) : IProgress<SearchProgress>
    {
        public void Report(SearchProgress value) => reports.Add(value);
    }
}
