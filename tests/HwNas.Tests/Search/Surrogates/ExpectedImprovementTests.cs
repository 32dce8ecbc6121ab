using HwNas.Core.Pareto;
using HwNas.Core.Search.Surrogates;

namespace HwNas.Tests.Search.Surrogates;

public sealed class ExpectedImprovementTests
{
    private static readonly double[][] Front = [[1, 7], [2, 4], [5, 3], [8, 1]];
    private static readonly double[] Reference = [10, 10];

    [Fact]
    public void What_is_certain_improves_by_the_hypervolume_that_it_gains()
    {
        var improvement = new ExpectedImprovement(Front, Reference);
        for (var x = -1.0; x < 12; x += 0.75)
        {
            for (var y = -1.0; y < 12; y += 0.75)
                Assert.Equal(Gain([x, y]), improvement.Of([x, y], [0, 0]), 9);
        }
    }

    [Theory]
    [InlineData(3, 3, 1, 1)]
    [InlineData(6, 6, 2, 0.5)]
    [InlineData(0, 9, 0.3, 3)]
    [InlineData(4, 2, 1, 0)]
    public void What_is_uncertain_improves_by_the_mean_over_its_chances(double x, double y, double deviationX, double deviationY)
    {
        var random = new Random(11);
        const int Draws = 60_000;
        var gains = Enumerable.Range(0, Draws)
            .Select(_ => Gain([x + (deviationX * Gauss()), y + (deviationY * Gauss())])).ToArray();
        var mean = gains.Average();
        var standardError = Math.Sqrt(gains.Average(g => (g - mean) * (g - mean)) / Draws);

        Assert.Equal(
            mean, new ExpectedImprovement(Front, Reference).Of([x, y], [deviationX, deviationY]), (5 * standardError) + 1e-9);

        double Gauss() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
    }

    [Fact]
    public void With_one_objective_it_is_the_textbook_formula()
    {
        // Best so far 5; mean 5, deviation 1: E[max(0, 5 - X)] = φ(0) = 0.398942.
        Assert.Equal(0.398942, new ExpectedImprovement([[5.0], [7.0]], [10]).Of([5], [1]), 5);
        Assert.Equal(2, new ExpectedImprovement([[5.0]], [10]).Of([3], [0]), 12);
    }

    [Fact]
    public void What_was_added_brings_nothing_a_second_time()
    {
        var improvement = new ExpectedImprovement(Front, Reference);
        Assert.True(improvement.Of([3, 3.5], [0, 0]) > 0);
        improvement.Add([3, 3.5]);
        Assert.Equal(0, improvement.Of([3, 3.5], [0, 0]));
        Assert.Equal(0, improvement.Of([3.5, 3.6], [0, 0]));
    }

    private static double Gain(double[] point) => Hypervolume.Of([.. Front, point], Reference) - Hypervolume.Of(Front, Reference);
}
