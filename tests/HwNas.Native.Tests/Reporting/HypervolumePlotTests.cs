using HwNas.Cli.Reporting;
using HwNas.Core;
using HwNas.Core.Search;
using HwNas.Native.Tests.Support;

namespace HwNas.Native.Tests.Reporting;

public sealed class HypervolumePlotTests
{
    private static readonly SearchMetric[] Course = [new(10, 3, 100, 1.5), new(20, 5, 150, 3), new(40, 6, 160, 6)];

    [Fact]
    public void Each_batch_is_a_marker_at_its_evaluations_and_hypervolume()
    {
        var svg = Draw(Course);
        var circles = svg.Circles("#0072B2");

        Assert.Equal(3, circles.Count);
        Assert.Equal(2 * (circles[1].X - circles[0].X), circles[2].X - circles[1].X, 0.05);
        Assert.Equal(circles[0].Y - circles[1].Y, 5 * (circles[1].Y - circles[2].Y), 0.1);
        Assert.Contains("Evaluated networks", svg.Texts);
        Assert.Contains("160 after 40 evaluations, 6 on the front, 6 s", svg.Texts);
    }

    [Fact]
    public void Of_many_batches_only_the_line_is_drawn() =>
        Assert.Empty(Draw([.. Enumerable.Range(1, 200).Select(i => new SearchMetric(i, 1, Math.Sqrt(i), i))]).Circles("#0072B2"));

    [Theory]
    [InlineData(double.NaN, 1)]
    [InlineData(1, double.PositiveInfinity)]
    [InlineData(1e-300, 2e-300)]
    [InlineData(-1e29, 1e29)]
    [InlineData(1e15, 1e15 + 1)]
    public void Odd_hypervolumes_are_left_out_or_drawn(double first, double second) =>
        Assert.DoesNotContain("NaN", Draw([new(1, 1, first, 1), new(2, 1, second, 2)]).Document.ToString());

    [Fact]
    public void A_single_batch_and_a_flat_course_are_drawn()
    {
        Assert.Single(Draw(Course[..1]).Circles("#0072B2"));
        Assert.Equal(2, Draw([new(5, 1, 0, 1), new(9, 1, 0, 2)]).Circles("#0072B2").Count);
    }

    [Fact]
    public void A_course_without_hypervolume_is_refused() =>
        Assert.Contains(
            "no hypervolume", Assert.Throws<InputException>(() => Draw([new(5, 1, null, 1)])).Message, StringComparison.Ordinal);

    private static SvgPicture Draw(IReadOnlyList<SearchMetric> course)
    {
        using var folder = new TemporaryFolder();
        HypervolumePlot.Save(course, folder.File("course.svg"));
        return new SvgPicture(File.ReadAllText(folder.File("course.svg")));
    }
}
