using BenchmarkDotNet.Attributes;
using HwNas.Core.Statistics;
using MathNet.Numerics.LinearAlgebra;

namespace HwNas.Benchmarks;

/// <summary>
/// What a Gaussian process asks of linear algebra: factor, solve, and the inverse's lower
/// triangle; ours against MathNet.Numerics.
/// </summary>
[MemoryDiagnoser]
[ShortRunJob]
public class CholeskyBenchmark
{
    private double[][] _lower = [];
    private double[] _b = [];
    private Matrix<double> _matrix = null!;
    private Cholesky _factor = null!;
    private MathNet.Numerics.LinearAlgebra.Factorization.Cholesky<double> _mathNetFactor = null!;

    [Params(40, 160, 600)]
    public int Size { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(Size);
        var half = Matrix<double>.Build.Dense(Size, Size, (_, _) => random.NextDouble() - 0.5);
        _matrix = half.TransposeAndMultiply(half) + Matrix<double>.Build.DenseIdentity(Size);
        _lower = [.. Enumerable.Range(0, Size).Select(i => _matrix.Row(i).Take(i + 1).ToArray())];
        _factor = new Cholesky(Array.ConvertAll(_lower, row => row[..]));
        _mathNetFactor = _matrix.Cholesky();
        _b = [.. Enumerable.Range(0, Size).Select(_ => random.NextDouble())];
    }

    [Benchmark(Baseline = true)]
    public double Ours()
    {
        var factor = new Cholesky(Array.ConvertAll(_lower, row => row[..]));
        return factor.Solve(_b)[0] + factor.Inverse()[0][0];
    }

    [Benchmark]
    public double MathNetNumerics()
    {
        var factor = _matrix.Cholesky();
        return factor.Solve(Vector<double>.Build.Dense(_b))[0] + factor.Solve(Matrix<double>.Build.DenseIdentity(Size))[0, 0];
    }

    [Benchmark]
    public double OursOneDeviation() => _factor.SolveLower(_b)[0];

    [Benchmark]
    public double MathNetOneDeviation() => _mathNetFactor.Solve(Vector<double>.Build.Dense(_b))[0];
}
