using HwNas.Core;
using HwNas.Core.Metrics;
using HwNas.Core.Predictors;
using HwNas.Core.Search;
using HwNas.Core.Spaces.MbConv;
using HwNas.Tests.Predictors;
using HwNas.Tests.Spaces;

namespace HwNas.Tests.Search;

public sealed class PredictedOptimumTests
{
    private static readonly MbConvSpace Space = SmallSpaces.PerBlock;
    private static readonly MetricTable Costs = new(Space, [new CountMetrics()]);

    [Fact]
    public void In_a_small_space_it_is_the_best_of_all_networks_within_the_limits()
    {
        for (var seed = 0; seed < 6; seed++)
        {
            int[] widths = seed % 2 == 0 ? [1] : [12, 8, 1];
            var predictor = NetworkPredictor.For(NetworkPredictorTests.Any(Space, new Random(seed), widths), Space);
            Limit[] limits =
            [
                new(CountMetrics.Macs.Name, LimitKind.AtMost, Middle(CountMetrics.Macs)),
                new(CountMetrics.PeakActivationBytes.Name, LimitKind.AtMost, Middle(CountMetrics.PeakActivationBytes)),
            ];
            var best = Space.Genomes.Enumerate()
                .Where(genome => limits.All(limit => limit.ViolationOf(Costs.Of(genome)[limit.Metric]) == 0))
                .Max(predictor.Predict);

            var found = PredictedOptimum.Find(Space, Costs, limits, predictor, predictions: 3_000, seed: 1);

            Assert.Equal(best, found.Predicted, 4);
            Assert.All(limits, limit => Assert.Equal(0, limit.ViolationOf(Costs.Of(found.Genome)[limit.Metric])));
            Assert.Equal(found.Predicted, found.Bound!.Value, 9);
        }
    }

    [Fact]
    public void Climbing_finds_the_best_of_all_networks_within_the_limits()
    {
        for (var seed = 0; seed < 4; seed++)
        {
            var predictor = NetworkPredictor.For(NetworkPredictorTests.Any(Space, new Random(seed), 12, 8, 1), Space);
            var metric = new Metric("predicted", Direction.Maximize, "%");
            var problem = new SearchProblem(
                Space.Genomes, "", [metric], KnownCosts.Of(Costs), [metric.Name],
                [
                    new(CountMetrics.Macs.Name, LimitKind.AtMost, Middle(CountMetrics.Macs)),
                    new(CountMetrics.Params.Name, LimitKind.AtMost, Middle(CountMetrics.Params)),
                ]);

            var found = new PredictedClimb(problem, predictor, seed: 1).Run(5_000)!;

            Assert.Equal(Space.Genomes.Enumerate().Where(problem.KeepsKnownLimits).Max(predictor.Predict), found.Predicted, 4);
            Assert.True(problem.KeepsKnownLimits(found.Genome));
            Assert.Equal(found.Genome, new PredictedClimb(problem, predictor, seed: 1).Run(5_000)!.Genome);
        }
    }

    [Fact]
    public void Limits_that_nothing_keeps_end_with_what_is_reachable()
    {
        foreach (var widths in new int[][] { [1], [4, 1] })
        {
            var predictor = NetworkPredictor.For(NetworkPredictorTests.Any(Space, new Random(1), widths), Space);
            var error = Assert.Throws<InfeasibleBudgetException>(() => PredictedOptimum.Find(
                Space, Costs, [new Limit("macs", LimitKind.AtMost, 1)], predictor, predictions: 100, seed: 1));

            Assert.Contains("networks of the space reach", error.Message);
        }
    }

    private static double Middle(Metric metric) =>
        Costs.Ranges[Costs.Metrics.IndexOf(metric)] is var range ? (0.7 * range.Least) + (0.3 * range.Most) : 0;
}
