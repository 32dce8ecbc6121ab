using HwNas.Core.Pareto;

namespace HwNas.Tests.Pareto;

public sealed class CrowdingDistanceTests
{
    [Fact]
    public void Inner_points_sum_the_relative_gaps_and_the_ends_are_infinite()
    {
        Candidate[] front = [Some.Candidate(0, 10), Some.Candidate(1, 5), Some.Candidate(2, 4), Some.Candidate(10, 0)];

        // (1, 5): (2 − 0) / 10 + (10 − 4) / 10; (2, 4): (10 − 1) / 10 + (5 − 0) / 10.
        Assert.Equal([double.PositiveInfinity, 0.8, 1.4, double.PositiveInfinity], CrowdingDistance.Of(front));
    }

    [Fact]
    public void Ties_keep_the_order_of_the_front()
    {
        Candidate[] front =
            [Some.Candidate(1, 2), Some.Candidate(1, 2), Some.Candidate(1, 2), Some.Candidate(0, 3), Some.Candidate(2, 0)];

        // Second coordinate in stable order: 0 | 2 2 2 | 3, first: 0 | 1 1 1 | 2.
        Assert.Equal([1 / 2.0 + 2 / 3.0, 0.0, 1 / 2.0 + 1 / 3.0], CrowdingDistance.Of(front)[..3]);
    }

    [Fact]
    public void A_front_without_range_has_ends_only() =>
        Assert.Equal(
            [double.PositiveInfinity, 0, double.PositiveInfinity],
            CrowdingDistance.Of([Some.Candidate(1, 1), Some.Candidate(1, 1), Some.Candidate(1, 1)]));

    [Fact]
    public void Distances_are_those_of_a_naive_computation() => Some.Check(front =>
    {
        var distances = CrowdingDistance.Of(front);
        return front.Select((_, i) => Naive(front, i)).Zip(distances).All(pair =>
            pair.First == pair.Second || Math.Abs(pair.First - pair.Second) < 1e-12);
    });

    private static double Naive(Candidate[] front, int member)
    {
        var distance = 0.0;
        for (var objective = 0; objective < front[member].Losses.Length; objective++)
        {
            var sorted = front.Select((c, i) => (Loss: c.Losses[objective], i)).OrderBy(p => p.Loss).ThenBy(p => p.i).ToArray();
            var position = Array.FindIndex(sorted, p => p.i == member);
            if (position == 0 || position == sorted.Length - 1)
                return double.PositiveInfinity;
            var range = sorted[^1].Loss - sorted[0].Loss;
            distance += range > 0 ? (sorted[position + 1].Loss - sorted[position - 1].Loss) / range : 0;
        }

        return distance;
    }
}
