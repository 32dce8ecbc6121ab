using System.Runtime.InteropServices;

namespace HwNas.Core.Pareto;

/// <summary>
/// The exact volume of the region that a set of points dominates, up to a reference point; smaller is better in
/// every coordinate. Sweeps in two and three dimensions; the WFG recursion (While, Bradstreet, Barone 2012) beyond.
/// </summary>
public static class Hypervolume
{
    /// <summary>
    /// The hypervolume of <paramref name="points"/>; points that are not better than the reference everywhere add nothing.
    /// </summary>
    /// <exception cref="ArgumentException">A point has another number of coordinates than the reference.</exception>
    public static double Of(IEnumerable<double[]> points, ReadOnlySpan<double> reference)
    {
        ArgumentNullException.ThrowIfNull(points);
        if (reference.IsEmpty)
            throw new ArgumentException("The reference point needs at least one coordinate.", nameof(reference));
        var inside = new List<double[]>();
        foreach (var point in points)
        {
            if (point.Length != reference.Length)
            {
                throw new ArgumentException(
                    $"A point has {point.Length} coordinates, the reference {reference.Length}.", nameof(points));
            }

            if (IsInside(point, reference))
                inside.Add(point);
        }

        return Volume(inside, reference);
    }

    private static bool IsInside(double[] point, ReadOnlySpan<double> reference)
    {
        for (var i = 0; i < point.Length; i++)
        {
            if (!(point[i] < reference[i]))
                return false;
        }

        return true;
    }

    private static double Volume(List<double[]> points, ReadOnlySpan<double> reference)
    {
        if (points.Count == 0)
            return 0;
        return reference.Length switch
        {
            1 => reference[0] - points.Min(p => p[0]),
            2 => Area(points, reference),
            3 => Sweep(points, reference),
            _ => Wfg(points, reference),
        };
    }

    private static double Area(List<double[]> points, ReadOnlySpan<double> reference)
    {
        points.Sort((a, b) => a[0].CompareTo(b[0]));
        var (area, height) = (0.0, reference[1]);
        foreach (var point in CollectionsMarshal.AsSpan(points))
        {
            if (point[1] >= height)
                continue;
            area += (reference[0] - point[0]) * (height - point[1]);
            height = point[1];
        }

        return area;
    }

    // Rises along the third coordinate and keeps the staircase of the first two, with its area.
    private static double Sweep(List<double[]> points, ReadOnlySpan<double> reference)
    {
        points.Sort((a, b) => a[2].CompareTo(b[2]));
        var (volume, area) = (0.0, 0.0);
        var staircase = new List<(double X, double Y)>();
        for (var i = 0; i < points.Count; i++)
        {
            area += Insert(staircase, points[i][0], points[i][1], reference[0], reference[1]);
            var next = i + 1 < points.Count ? points[i + 1][2] : reference[2];
            volume += area * (next - points[i][2]);
        }

        return volume;
    }

    // Adds a point to a staircase (x rising, y falling) and returns the area that it gains.
    private static double Insert(List<(double X, double Y)> stairs, double x, double y, double referenceX, double referenceY)
    {
        var (low, high) = (0, stairs.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (stairs[middle].X < x)
                low = middle + 1;
            else
                high = middle;
        }

        var left = low > 0 ? stairs[low - 1].Y : referenceY;
        if (left <= y || (low < stairs.Count && stairs[low].X == x && stairs[low].Y <= y))
            return 0;

        var (gain, ceiling, from, end) = (0.0, left, x, low);
        for (; end < stairs.Count && stairs[end].Y >= y; end++)
        {
            gain += (stairs[end].X - from) * (ceiling - y);
            (from, ceiling) = stairs[end];
        }

        gain += ((end < stairs.Count ? stairs[end].X : referenceX) - from) * (ceiling - y);
        stairs.RemoveRange(low, end - low);
        stairs.Insert(low, (x, y));
        return gain;
    }

    private static double Wfg(List<double[]> points, ReadOnlySpan<double> reference)
    {
        // Worst last coordinate first: the limited sets then share it and often collapse.
        points.Sort((a, b) => b[^1].CompareTo(a[^1]));
        var volume = 0.0;
        for (var i = 0; i < points.Count; i++)
        {
            var box = 1.0;
            for (var d = 0; d < reference.Length; d++)
                box *= reference[d] - points[i][d];
            volume += box - Volume(Limited(points, i), reference);
        }

        return volume;
    }

    // What the later points share with point i, without dominated members.
    private static List<double[]> Limited(List<double[]> points, int i)
    {
        var limited = new List<double[]>();
        for (var j = i + 1; j < points.Count; j++)
        {
            var corner = new double[points[i].Length];
            for (var d = 0; d < corner.Length; d++)
                corner[d] = Math.Max(points[i][d], points[j][d]);
            if (limited.Exists(other => Dominance.WeaklyDominates(other, corner)))
                continue;
            limited.RemoveAll(other => Dominance.WeaklyDominates(corner, other));
            limited.Add(corner);
        }

        return limited;
    }
}
