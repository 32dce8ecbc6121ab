using HwNas.Core.Statistics;
using MathNet.Numerics.LinearAlgebra;

namespace HwNas.Tests.Statistics;

public sealed class CholeskyTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(40)]
    public void Solutions_are_those_of_the_inverse(int size)
    {
        var random = new Random(size);
        var half = Matrix<double>.Build.Dense(size, size, (_, _) => random.NextDouble() - 0.5);
        var matrix = (half * half.Transpose()) + Matrix<double>.Build.DenseIdentity(size);
        double[] b = [.. Enumerable.Range(0, size).Select(_ => random.NextDouble())];

        var factor = new Cholesky([.. Enumerable.Range(0, size).Select(i => matrix.Row(i).Take(i + 1).ToArray())]);

        var inverse = matrix.Inverse();
        AssertClose(inverse * Vector<double>.Build.Dense(b), factor.Solve(b));
        AssertClose(inverse.Diagonal(), factor.InverseDiagonal());
        var lower = Vector<double>.Build.Dense(factor.SolveLower(b));
        Assert.Equal((inverse * Vector<double>.Build.Dense(b)).DotProduct(Vector<double>.Build.Dense(b)), lower * lower, 1e-9);
    }

    [Fact]
    public void Matrices_that_are_not_positive_definite_are_refused() =>
        Assert.Throws<ArgumentException>(() => new Cholesky([[1], [2, 1]]));

    private static void AssertClose(Vector<double> expected, double[] actual) =>
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-9));
}
