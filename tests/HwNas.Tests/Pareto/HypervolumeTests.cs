using HwNas.Core.Pareto;

namespace HwNas.Tests.Pareto;

public sealed class HypervolumeTests
{
    [Fact]
    public void A_staircase_of_n_points_has_its_integer_area()
    {
        for (var n = 1; n <= 60; n++)
        {
            var points = Enumerable.Range(0, n).Select(i => new double[] { i, n - 1 - i });
            Assert.Equal((n * n) - (n * (n - 1) / 2), Hypervolume.Of(points, [n, n]));
        }
    }

    [Fact]
    public void The_unit_vectors_leave_out_one_unit_cube()
    {
        for (var n = 2; n <= 7; n++)
        {
            var points = Enumerable.Range(0, n)
                .Select(axis => Enumerable.Range(0, n).Select(d => d == axis ? 1.0 : 0.0).ToArray());
            var reference = Enumerable.Repeat(10.0, n).ToArray();
            Assert.Equal(Math.Pow(10, n) - 1, Hypervolume.Of(points, reference));
        }
    }

    [Theory]
    [InlineData(1.1, 0.8766667)]
    [InlineData(11, 120.6666667)]
    public void The_front_of_ZDT1_has_its_published_area(double reference, double published) =>
        Assert.Equal(published, Hypervolume.Of(Curve(x => 1 - Math.Sqrt(x)), [reference, reference]), 1e-5);

    [Theory]
    [InlineData(1.1, 0.5433333)]
    [InlineData(11, 120.3333333)]
    public void The_front_of_ZDT2_has_its_published_area(double reference, double published) =>
        Assert.Equal(published, Hypervolume.Of(Curve(x => 1 - (x * x)), [reference, reference]), 1e-5);

    [Fact]
    public void The_sphere_of_DTLZ2_has_its_published_volume()
    {
        // Points on the sphere dominate from below. Its fine steps leave out a volume of the order of their width.
        const int Steps = 120;
        var points =
            from i in Enumerable.Range(0, Steps + 1)
            from j in Enumerable.Range(0, Steps + 1)
            let polar = Math.PI / 2 * i / Steps
            let azimuth = Math.PI / 2 * j / Steps
            select new[] { Math.Cos(polar) * Math.Cos(azimuth), Math.Cos(polar) * Math.Sin(azimuth), Math.Sin(polar) };

        Assert.InRange(Hypervolume.Of(points, [1.1, 1.1, 1.1]), 0.8074012 - 0.015, 0.8074012);
    }

    [Fact]
    public void Points_that_do_not_beat_the_reference_add_nothing() =>
        Assert.Equal(1, Hypervolume.Of([[1, 1], [2, 0], [0, 3], [double.NaN, 0]], [2, 2]));

    [Fact]
    public void An_empty_set_has_no_volume() => Assert.Equal(0, Hypervolume.Of([], [1, 1, 1]));

    [Fact]
    public void A_point_of_another_dimension_is_refused() =>
        Assert.Throws<ArgumentException>(() => Hypervolume.Of([[1, 1, 1]], [2, 2]));

    [Fact]
    public void On_an_integer_grid_it_counts_the_dominated_cells() => Some.Check(points =>
    {
        var small = points.Take(12).Losses();
        var dimensions = small.Length == 0 ? 2 : small[0].Length;
        return Hypervolume.Of(small, Enumerable.Repeat(10.0, dimensions).ToArray()) == Cells(small, dimensions, 10);
    });

    private static int Cells(double[][] points, int dimensions, int side)
    {
        var cells = 0;
        for (var index = 0; index < (int)Math.Pow(side, dimensions); index++)
        {
            var corner = new int[dimensions];
            for (var (d, rest) = (0, index); d < dimensions; d++, rest /= side)
                corner[d] = rest % side;
            if (points.Any(p => p.Zip(corner).All(pair => pair.First <= pair.Second)))
                cells++;
        }

        return cells;
    }

    private static IEnumerable<double[]> Curve(Func<double, double> second) =>
        Enumerable.Range(0, 200_001).Select(i => i / 200_000.0).Select(x => new[] { x, second(x) });
}
