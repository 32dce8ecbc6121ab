using HwNas.Core.Pareto;
using HwNas.Core.Search;
using HwNas.Core.Search.Surrogates;
using HwNas.Core.Spaces;

namespace HwNas.Tests.Search.Strategies;

/// <summary>What adds up over the genes, a ridge surrogate learns almost exactly.</summary>
public sealed class SurrogateLoopTests
{
    private static readonly GenomeSpace Space = new(
        Enumerable.Range(0, 12).Select(i => new Gene(GeneKind.Operator, i, -1, $"g{i}", [0, 1, 2])));
    private static readonly SearchProblem Problem = new(
        Space, "s", [TestProblem.Accuracy, TestProblem.Macs], KnownCosts.None, ["accuracy", "macs"], []);

    [Fact]
    public void The_surrogate_predicts_whole_candidates()
    {
        var random = new Random(1);
        var surrogate = new RidgeSurrogate(Problem);
        Assert.True(surrogate.Fit([.. Enumerable.Range(0, 120).Select(_ => CandidateOf(Space.Sample(random)))]));

        Assert.All(Enumerable.Range(0, 50).Select(_ => Space.Sample(random)), genome =>
        {
            var (predicted, true_) = (surrogate.Predict(genome), CandidateOf(genome));
            Assert.Equal(genome, predicted.Genome);
            Assert.Equal(true_.Losses[0], predicted.Losses[0], 0.5);
            Assert.Equal(true_.Losses[1], predicted.Losses[1], 0.5);
        });
    }

    [Fact]
    public void Too_few_samples_are_said_to_be() =>
        Assert.False(new RidgeSurrogate(Problem).Fit([CandidateOf(Space.Create(new byte[12]))]));

    [Fact]
    public void After_the_first_sample_it_evaluates_slices_of_the_predicted_front_both_cheap_and_good()
    {
        var strategy = SearchStrategies.Find("surrogate-loop").Create(new StrategyContext(Problem, 400, new Random(1)));
        var first = Tell(strategy);
        Assert.Equal(80, first.Length);

        var slice = Tell(strategy);
        Assert.Equal(20, slice.Length);
        Assert.True(
            slice.Max(c => c.Metrics[0]) > first.Max(c => c.Metrics[0]),
            "Nothing of the slice is better than the best of chance.");
        Assert.True(
            slice.Min(c => c.Metrics[1]) < first.Min(c => c.Metrics[1]),
            "Nothing of the slice is cheaper than the cheapest of chance.");
        Assert.True(
            ParetoFront.Of([.. first, .. slice]).Count(c => slice.Contains(c)) > 10, "Few of the slice lie on the front.");
    }

    private static Candidate[] Tell(ISearchStrategy strategy)
    {
        Candidate[] told = [.. strategy.Ask([]).Select(CandidateOf)];
        strategy.Tell(told);
        return told;
    }

    private static Candidate CandidateOf(Genome genome) => Problem.CandidateOf(genome,
    [
        Enumerable.Range(0, 12).Sum(gene => Math.Sqrt(genome[gene]) * (1 + (gene * 7 % 12))),
        Enumerable.Range(0, 12).Sum(gene => genome[gene] * (1.0 + (gene * 5 % 12))),
    ]);
}
