using HwNas.Core.Pareto;
using HwNas.Core.Search;
using HwNas.Core.Spaces;

namespace HwNas.Tests.Search.Strategies;

public sealed class LocalSearchTests
{
    private static readonly GenomeSpace Space = new(
        Enumerable.Range(0, 10).Select(i => new Gene(GeneKind.Operator, i, -1, $"g{i}", [0, 1, 2])));
    private static readonly SearchProblem Problem = new(
        Space, "s", [TestProblem.Accuracy, TestProblem.Macs], KnownCosts.None, ["accuracy", "macs"], []);

    [Fact]
    public void Only_neighbours_of_the_front_are_evaluated()
    {
        var strategy = SearchStrategies.Find("local-search").Create(new StrategyContext(Problem, 500, new Random(1)));
        var front = new ParetoFront();
        for (var round = 0; round < 12; round++)
        {
            var asked = strategy.Ask([]);
            if (round > 0)
                Assert.All(asked, genome => Assert.Contains(front, member => Distance(member.Genome, genome) == 1));
            Candidate[] told = [.. asked.Select(genome => Problem.CandidateOf(genome, Evaluate(genome, default)))];
            strategy.Tell(told);
            foreach (var candidate in told)
                front.Add(candidate);
        }
    }

    [Fact]
    public void In_the_end_the_front_is_a_local_optimum_of_which_every_neighbour_is_known()
    {
        var result = Run("local-search", 6_000, share: 0);
        var known = result.Evaluated.Select(c => c.Genome).ToHashSet();

        Assert.NotEmpty(result.Front);
        Assert.All(result.Front, member => Assert.All(Neighbours(member.Genome), neighbour => Assert.Contains(neighbour, known)));
    }

    [Theory]
    [InlineData("random")]
    [InlineData("nsga2")]
    public void As_a_finisher_it_gets_its_share_of_the_evaluations_and_betters_the_front(string strategy)
    {
        var (plain, finished) = (Run(strategy, 300, share: 0), Run(strategy, 300, share: 0.4));

        // The first part is the strategy's own.
        Assert.Equal(plain.Evaluated.Take(150).Describe(), finished.Evaluated.Take(150).Describe());
        Assert.NotEqual(plain.Evaluated.Describe(), finished.Evaluated.Describe());
        Assert.True(finished.Hypervolume > plain.Hypervolume, $"{finished.Hypervolume} with, {plain.Hypervolume} without.");
    }

    private static SearchResult Run(string strategy, int evaluations, double share) => TestProblem.Run(
        Problem,
        new SearchOptions
        {
            Strategy = strategy,
            Evaluations = evaluations,
            FinishShare = share,
            Seed = 1,
            Reference = [0, 200],
        },
        Evaluate);

    private static double[] Evaluate(Genome genome, CancellationToken cancellation)
    {
        var choices = Enumerable.Range(0, genome.Length);
        return
        [
            choices.Sum(gene => Math.Sqrt(genome[gene]) * (1 + (gene * 7 % 10))),
            choices.Sum(gene => genome[gene] * (1 + (gene * 3 % 10))),
        ];
    }

    private static IEnumerable<Genome> Neighbours(Genome genome) =>
        from gene in Enumerable.Range(0, genome.Length)
        from choice in Enumerable.Range(0, 3)
        where choice != genome[gene]
        select Space.Create([.. Enumerable.Range(0, genome.Length).Select(g => (byte)(g == gene ? choice : genome[g]))]);

    private static int Distance(Genome a, Genome b) => Enumerable.Range(0, a.Length).Count(gene => a[gene] != b[gene]);
}
