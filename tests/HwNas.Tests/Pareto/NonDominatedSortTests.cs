using HwNas.Core.Pareto;

namespace HwNas.Tests.Pareto;

public sealed class NonDominatedSortTests
{
    [Fact]
    public void Five_points_have_the_ranks_one_sees()
    {
        Candidate[] points =
        [
            Some.Candidate(1, 5), // front 0
            Some.Candidate(3, 3), // front 0
            Some.Candidate(5, 1), // front 0
            Some.Candidate(3, 4), // under (3, 3)
            Some.Candidate(5, 5), // under (3, 4) as well
        ];

        Assert.Equal([0, 0, 0, 1, 2], NonDominatedSort.Rank(points));
    }

    [Fact]
    public void Duplicates_share_a_front() =>
        Assert.Equal(
            [0, 0, 1, 1],
            NonDominatedSort.Rank([Some.Candidate(1, 1), Some.Candidate(1, 1), Some.Candidate(2, 1), Some.Candidate(2, 1)]));

    [Fact]
    public void Nothing_has_no_ranks() => Assert.Empty(NonDominatedSort.Rank([]));

    [Fact]
    public void Violations_rank_behind_everything_feasible_and_by_their_size()
    {
        Candidate[] points =
        [
            Some.Violating(2, 0, 0),
            Some.Candidate(9, 9), // dominated, yet within the limits
            Some.Violating(1, 0, 0),
            Some.Candidate(1, 1),
            Some.Violating(double.PositiveInfinity, double.NaN, double.NaN),
            Some.Violating(1, 5, 5),
        ];

        Assert.Equal([3, 1, 2, 0, 4, 2], NonDominatedSort.Rank(points));
    }

    [Fact]
    public void Ranks_are_those_of_peeling_one_front_after_the_other() =>
        Some.Check(points => NonDominatedSort.Rank(points).SequenceEqual(Peel(points)), withViolations: true);

    private static int[] Peel(Candidate[] points)
    {
        var ranks = new int[points.Length];
        var left = Enumerable.Range(0, points.Length).ToList();
        for (var front = 0; left.Count > 0; front++)
        {
            var peeled = left.FindAll(i => !left.Exists(j => Dominance.Dominates(points[j], points[i])));
            foreach (var i in peeled)
                ranks[i] = front;
            left.RemoveAll(peeled.Contains);
        }

        return ranks;
    }
}
