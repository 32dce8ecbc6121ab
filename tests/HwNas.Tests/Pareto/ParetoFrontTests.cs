using HwNas.Core.Pareto;

namespace HwNas.Tests.Pareto;

public sealed class ParetoFrontTests
{
    [Fact]
    public void It_holds_exactly_the_distinct_non_dominated_losses() => Some.Check(
        points =>
        {
            var expected = points.Where(p => p.IsFeasible && !points.Any(q => Dominance.Dominates(q, p)))
                .Losses().Select(l => string.Join(' ', l)).Distinct().Order(StringComparer.Ordinal);
            var actual = ParetoFront.Of(points).Losses().Select(l => string.Join(' ', l)).Order(StringComparer.Ordinal);
            return expected.SequenceEqual(actual);
        },
        withViolations: true);

    [Fact]
    public void The_order_of_arrival_does_not_change_the_losses_of_the_front() => Some.Check(points =>
        ParetoFront.Of(points)
            .Losses()
            .SelectMany(l => l)
            .SequenceEqual(ParetoFront.Of(points.Reverse()).Losses().SelectMany(l => l)));

    [Fact]
    public void It_covers_what_is_not_better_than_a_member() => Some.Check(points =>
    {
        var front = ParetoFront.Of(points.Skip(1));
        return points.Length == 0
            || front.Covers(points[0].Losses.AsSpan())
                == front.Any(m => Dominance.WeaklyDominates(m.Losses.AsSpan(), points[0].Losses.AsSpan()));
    });

    [Fact]
    public void Of_equal_losses_the_first_stays()
    {
        var first = Some.Candidate(1, 2);
        var front = ParetoFront.Of([first, Some.Candidate(1, 2)]);

        Assert.Same(first, Assert.Single(front));
    }

    [Fact]
    public void Members_ascend_in_the_first_loss() =>
        Assert.Equal(
            [1, 2, 3],
            ParetoFront.Of([Some.Candidate(2, 2), Some.Candidate(3, 1), Some.Candidate(1, 3)]).Select(c => c.Losses[0]));

    [Fact]
    public void Its_hypervolume_is_that_of_its_points() =>
        Assert.Equal(6, ParetoFront.Of([Some.Candidate(0, 2), Some.Candidate(1, 1), Some.Candidate(2, 0)]).Hypervolume([3, 3]));
}
