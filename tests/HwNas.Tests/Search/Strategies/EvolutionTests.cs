using HwNas.Core.Search;
using HwNas.Core.Spaces;

namespace HwNas.Tests.Search.Strategies;

/// <summary>Who lives and who dies, on 40 genes of four choices, so that strangers share few genes by chance.</summary>
public sealed class EvolutionTests
{
    private const int Evaluations = 160;
    private const int Population = Evaluations / 8;

    private static readonly GenomeSpace Space = new(
        Enumerable.Range(0, 40).Select(i => new Gene(GeneKind.Operator, i, -1, $"g{i}", [0, 1, 2, 3])));
    private static readonly SearchProblem Single = new(Space, "s", [TestProblem.Accuracy], KnownCosts.None, ["accuracy"], []);
    private static readonly SearchProblem Double = new(
        Space, "s", [TestProblem.Accuracy, TestProblem.Macs], KnownCosts.None, ["accuracy", "macs"], []);

    [Fact]
    public void In_regularised_evolution_even_the_best_dies_of_age()
    {
        var (strategy, champion) = WithChampion("regularised-evolution");
        Assert.Contains(strategy.Ask([]), child => Distance(child, champion) == 1);

        // As many births as the population has members: the champion is the oldest, and gone.
        Tell(strategy, Strangers(Population, seed: 2), accuracy: 10);
        Assert.All(strategy.Ask([]), child => Assert.True(Distance(child, champion) > 10));
    }

    [Fact]
    public void In_tournament_evolution_the_best_outlives_everybody()
    {
        var (strategy, champion) = WithChampion("tournament");
        var descends = false;
        for (var round = 0; round < 12; round++)
        {
            var children = strategy.Ask([]);
            descends |= round > 6 && children.Any(child => Distance(child, champion) == 1);
            Tell(strategy, children, accuracy: 10);
        }

        Assert.True(descends, "After more births than the population has members, nobody descends from the best.");
    }

    [Fact]
    public void In_tournament_evolution_the_worst_is_never_copied_and_dies()
    {
        var strategy = SearchStrategies.Find("tournament").Create(new StrategyContext(Single, Evaluations, new Random(1)));
        var strangers = Strangers(Population, seed: 1);
        strategy.Tell([.. strangers.Select((genome, i) => Single.CandidateOf(genome, [i]))]);
        var parents = new HashSet<int>();
        for (var round = 0; round < 30; round++)
        {
            var children = strategy.Ask([]);
            parents.UnionWith(children.Select(child => strangers.FindIndex(s => Distance(child, s) == 1)));
            Tell(strategy, children, accuracy: 9.5);
        }

        Assert.Contains(Population - 1, parents);
        Assert.DoesNotContain(0, parents);
    }

    [Fact]
    public void With_two_objectives_regularised_evolution_breeds_from_the_whole_front()
    {
        var strategy = SearchStrategies.Find("regularised-evolution")
            .Create(new StrategyContext(Double, Evaluations, new Random(1)));
        var strangers = Strangers(Population, seed: 1);

        // The first six lie on the front, from cheap to good; the others are worse than all of them.
        strategy.Tell([.. strangers.Select((genome, i) => Double.CandidateOf(genome, i < 6 ? [50 + i, 10 + i] : [40, 100 + i]))]);
        var parents = Enumerable.Range(0, 40)
            .SelectMany(_ => strategy.Ask([]))
            .Select(child => strangers.FindIndex(s => Distance(child, s) == 1)).ToHashSet();

        Assert.Superset(Enumerable.Range(0, 6).ToHashSet(), parents);
        Assert.DoesNotContain(Population - 1, parents);
    }

    private static (ISearchStrategy Strategy, Genome Champion) WithChampion(string name)
    {
        var strategy = SearchStrategies.Find(name).Create(new StrategyContext(Single, Evaluations, new Random(1)));
        var strangers = Strangers(Population, seed: 1);
        Tell(strategy, strangers[..1], accuracy: 90);
        Tell(strategy, strangers[1..], accuracy: 10);
        return (strategy, strangers[0]);
    }

    private static void Tell(ISearchStrategy strategy, IEnumerable<Genome> genomes, double accuracy) =>
        strategy.Tell([.. genomes.Select(genome => Single.CandidateOf(genome, [accuracy]))]);

    private static List<Genome> Strangers(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => Space.Sample(random))];
    }

    private static int Distance(Genome a, Genome b) => Enumerable.Range(0, a.Length).Count(gene => a[gene] != b[gene]);
}
