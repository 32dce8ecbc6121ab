namespace HwNas.Core.Statistics;

/// <summary>Least squares with coefficients that are not negative: parts of a time cannot be.</summary>
internal static class NonNegativeLeastSquares
{
    private const int MaxSweeps = 2000;
    private const double Tolerance = 1e-10;

    /// <summary>The x ≥ 0 with the least ‖A·x − b‖, by cyclic coordinate descent on the normal equations.</summary>
    /// <param name="rows">The rows of A.</param>
    /// <param name="targets">b.</param>
    public static double[] Solve(IReadOnlyList<double[]> rows, IReadOnlyList<double> targets)
    {
        var size = rows[0].Length;
        // Columns of unit length: without it, the descent crawls.
        var scale = new double[size];
        for (var k = 0; k < size; k++)
            scale[k] = Math.Sqrt(rows.Sum(row => row[k] * row[k])) is > 0 and var length ? 1 / length : 0;
        var gram = new double[size, size];
        var gradient = new double[size];
        foreach (var (index, row) in rows.Index())
        {
            for (var i = 0; i < size; i++)
            {
                gradient[i] += row[i] * scale[i] * targets[index];
                for (var j = 0; j < size; j++)
                    gram[i, j] += row[i] * scale[i] * row[j] * scale[j];
            }
        }

        var x = new double[size];
        for (var sweep = 0; sweep < MaxSweeps; sweep++)
        {
            var change = 0.0;
            for (var k = 0; k < size; k++)
            {
                if (gram[k, k] == 0)
                    continue;
                var rest = gradient[k];
                for (var j = 0; j < size; j++)
                    rest -= gram[k, j] * x[j];
                var next = Math.Max(0, x[k] + (rest / gram[k, k]));
                change = Math.Max(change, Math.Abs(next - x[k]));
                x[k] = next;
            }

            if (change < Tolerance)
                break;
        }

        return [.. x.Select((value, k) => value * scale[k])];
    }
}
