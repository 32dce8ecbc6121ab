using System.Numerics;

namespace HwNas.Core.Statistics;

/// <summary>
/// The factor L of a symmetric positive definite matrix A = L·Lᵀ; row by row, so that all sums run along memory.
/// </summary>
internal sealed class Cholesky
{
    private readonly double[][] _rows;

    /// <param name="lower">The lower triangle, row i of length i + 1; it becomes the factor.</param>
    public Cholesky(double[][] lower)
    {
        _rows = lower;
        for (var i = 0; i < lower.Length; i++)
        {
            var row = lower[i];
            for (var j = 0; j < i; j++)
                row[j] = (row[j] - Dot(row, lower[j], j)) / lower[j][j];
            var pivot = row[i] - Dot(row, row, i);
            if (!(pivot > 0))
                throw new ArgumentException($"The matrix is not positive definite: pivot {i} is {pivot}.", nameof(lower));
            row[i] = Math.Sqrt(pivot);
        }
    }

    /// <summary>L⁻¹·b.</summary>
    public double[] SolveLower(double[] b)
    {
        var x = new double[b.Length];
        for (var i = 0; i < b.Length; i++)
            x[i] = (b[i] - Dot(_rows[i], x, i)) / _rows[i][i];
        return x;
    }

    /// <summary>A⁻¹·b.</summary>
    public double[] Solve(double[] b)
    {
        var x = SolveLower(b);
        for (var i = b.Length - 1; i >= 0; i--)
        {
            x[i] /= _rows[i][i];
            for (var j = 0; j < i; j++)
                x[j] -= _rows[i][j] * x[i];
        }

        return x;
    }

    /// <summary>The diagonal of A⁻¹: the squared lengths of the columns of L⁻¹.</summary>
    public double[] InverseDiagonal() =>
        [.. Enumerable.Range(0, _rows.Length).Select(InverseColumn).Select(column => Dot(column, column, column.Length))];

    /// <summary>The lower triangle of A⁻¹: the products of the columns of L⁻¹, row i of length i + 1.</summary>
    public double[][] Inverse()
    {
        var columns = Enumerable.Range(0, _rows.Length).Select(InverseColumn).ToArray();
        var inverse = new double[columns.Length][];
        for (var i = 0; i < inverse.Length; i++)
        {
            inverse[i] = new double[i + 1];
            for (var j = 0; j <= i; j++)
                inverse[i][j] = Dot(columns[i].AsSpan(i), columns[j].AsSpan(i), columns.Length - i);
        }

        return inverse;
    }

    // A column of L⁻¹; its entries above the diagonal are 0.
    private double[] InverseColumn(int column)
    {
        var x = new double[_rows.Length];
        x[column] = 1 / _rows[column][column];
        for (var i = column + 1; i < x.Length; i++)
            x[i] = -Dot(_rows[i].AsSpan(column), x.AsSpan(column), i - column) / _rows[i][i];
        return x;
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b, int count)
    {
        var lanes = Vector<double>.Zero;
        var i = 0;
        for (; i <= count - Vector<double>.Count; i += Vector<double>.Count)
            lanes += new Vector<double>(a[i..]) * new Vector<double>(b[i..]);
        var sum = Vector.Sum(lanes);
        for (; i < count; i++)
            sum += a[i] * b[i];
        return sum;
    }
}
