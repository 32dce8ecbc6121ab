using HwNas.Core.Statistics;

namespace HwNas.Core.Predictors;

/// <summary>A predicted value, such as an accuracy in percent, with its uncertainty.</summary>
/// <param name="Mean">The expected value.</param>
/// <param name="StandardDeviation">Standard deviation of what a measurement would give around it.</param>
public readonly record struct Prediction(double Mean, double StandardDeviation);

/// <summary>
/// A Gaussian process on genomes with a given <see cref="GenomeKernel"/>, or with one whose parameters have the greatest
/// marginal likelihood under a broad prior (Rasmussen and Williams, chapter 5).
/// </summary>
internal sealed class GenomeProcess
{
    private const int MostLearningSamples = 160;
    private const double PriorDeviation = 2;
    private const double LearningRate = 0.15;
    private const double LeastLogNoise = -14;

    private readonly GenomeKernel _kernel;
    private readonly byte[][] _states;
    private readonly Cholesky _factor;
    private readonly double[] _coefficients;
    private readonly double _mean;
    private readonly double _scale;

    /// <summary>Conditions a process on samples.</summary>
    public GenomeProcess(GenomeKernel kernel, byte[][] states, double[] values)
    {
        _kernel = kernel;
        _states = states;
        (_mean, _scale) = Moments(values);
        _factor = Factor(kernel, states, out _);
        _coefficients = _factor.Solve(Standardized(values, _mean, _scale));
    }

    /// <summary>Improves a kernel by some steps of Adam on samples; takes an even part of them where they are many.</summary>
    public static GenomeKernel Learn(GenomeKernel start, byte[][] states, double[] values, int steps)
    {
        var chosen = EvenPart(states.Length, MostLearningSamples);
        byte[][] part = [.. chosen.Select(i => states[i])];
        var (mean, scale) = Moments(values);
        var targets = Standardized([.. chosen.Select(i => values[i])], mean, scale);
        var prior = GenomeKernel.Prior(states[0].Length).LogParameters;
        double[] logs = [.. start.LogParameters];
        var adam = new Adam(logs.Length);
        for (var step = 0; step < steps; step++)
        {
            var kernel = new GenomeKernel([.. logs]);
            var factor = Factor(kernel, part, out var interacting);
            var slopes = kernel.Slopes(part, Inner(factor, targets), interacting);
            for (var i = 0; i < slopes.Length; i++)
                slopes[i] -= (logs[i] - prior[i]) / (PriorDeviation * PriorDeviation);
            adam.Ascend(logs, slopes, LearningRate);
            logs[^1] = Math.Max(logs[^1], LeastLogNoise);
        }

        return new GenomeKernel(logs);
    }

    /// <summary>
    /// Root mean square of the leave-one-out residuals, in closed form (Rasmussen and Williams, section 5.4.2).
    /// </summary>
    public double LeaveOneOutRmse() =>
        _scale
        * Math.Sqrt(_coefficients.Zip(_factor.InverseDiagonal(), (a, inverse) => a / inverse).Average(error => error * error));

    /// <summary>The expected value.</summary>
    public double Mean(ReadOnlySpan<byte> states)
    {
        var sum = 0.0;
        for (var i = 0; i < _coefficients.Length; i++)
            sum += _coefficients[i] * _kernel.Of(states, _states[i], out _);
        return _mean + (_scale * sum);
    }

    /// <summary>The expected value and its standard deviation, without noise.</summary>
    public Prediction Predict(ReadOnlySpan<byte> states)
    {
        var covariances = new double[_coefficients.Length];
        var sum = 0.0;
        for (var i = 0; i < covariances.Length; i++)
        {
            covariances[i] = _kernel.Of(states, _states[i], out _);
            sum += _coefficients[i] * covariances[i];
        }

        var explained = 0.0;
        foreach (var part in _factor.SolveLower(covariances))
            explained += part * part;
        return new Prediction(_mean + (_scale * sum), _scale * Math.Sqrt(Math.Max(0, _kernel.Variance - explained)));
    }

    /// <summary>
    /// The numbers of at most so many samples, evenly over all, which may come in an order such as that of a search.
    /// </summary>
    public static int[] EvenPart(int samples, int most)
    {
        var size = Math.Min(samples, most);
        return [.. Enumerable.Range(0, size).Select(i => (int)((i + 1L) * samples / size) - 1)];
    }

    private static (double Mean, double Scale) Moments(double[] values)
    {
        var mean = values.Average();
        return (mean, Math.Max(1e-12, Math.Sqrt(values.Average(v => (v - mean) * (v - mean)))));
    }

    private static double[] Standardized(double[] values, double mean, double scale) =>
        Array.ConvertAll(values, v => (v - mean) / scale);

    private static Cholesky Factor(GenomeKernel kernel, byte[][] states, out double[][] interacting)
    {
        var rows = new double[states.Length][];
        interacting = new double[states.Length][];
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = new double[i + 1];
            interacting[i] = new double[i + 1];
            for (var j = 0; j <= i; j++)
                rows[i][j] = kernel.Of(states[i], states[j], out interacting[i][j]);
            rows[i][i] += kernel.Noise;
        }

        return new Cholesky(rows);
    }

    // The lower triangle of ααᵀ − K⁻¹.
    private static double[][] Inner(Cholesky factor, double[] targets)
    {
        var coefficients = factor.Solve(targets);
        var inner = factor.Inverse();
        for (var i = 0; i < inner.Length; i++)
        {
            for (var j = 0; j <= i; j++)
                inner[i][j] = (coefficients[i] * coefficients[j]) - inner[i][j];
        }

        return inner;
    }
}
