using HwNas.Core.Pareto;
using MathNet.Numerics.Distributions;

namespace HwNas.Core.Search.Surrogates;

/// <summary>
/// The expected hypervolume improvement of a network whose losses are independent normal variables: exact for one and
/// two objectives (Emmerich et al. 2011, strip by strip); for more, the improvement of an optimistic guess.
/// </summary>
internal sealed class ExpectedImprovement
{
    private const double Optimism = 0.5;

    private readonly List<double[]> _front = [];
    private readonly double[] _reference;

    public ExpectedImprovement(IEnumerable<double[]> losses, double[] reference)
    {
        _reference = reference;
        foreach (var point in losses)
            Add(point);
    }

    /// <summary>Counts a point as evaluated, so that the next one brings something else.</summary>
    public void Add(double[] losses)
    {
        if (losses.Zip(_reference).Any(pair => !(pair.First < pair.Second))
            || _front.Exists(f => Dominance.WeaklyDominates(f, losses)))
        {
            return;
        }

        _front.RemoveAll(f => Dominance.WeaklyDominates(losses, f));
        _front.Insert(_front.FindIndex(f => f[0] > losses[0]) is var at and >= 0 ? at : _front.Count, losses);
    }

    /// <summary>The expected gain.</summary>
    public double Of(ReadOnlySpan<double> means, ReadOnlySpan<double> deviations) => _reference.Length switch
    {
        1 => Below(_front.Count > 0 ? _front[0][0] : _reference[0], means[0], deviations[0]),
        2 => OfPair(means, deviations),
        _ => OfOptimist(means, deviations),
    };

    // Between two neighbours of the front the gain is (length in the first loss) × (height below the left neighbour).
    private double OfPair(ReadOnlySpan<double> means, ReadOnlySpan<double> deviations)
    {
        var (gain, left, height) = (0.0, 0.0, _reference[1]);
        for (var strip = 0; strip <= _front.Count; strip++)
        {
            var right = Below(strip < _front.Count ? _front[strip][0] : _reference[0], means[0], deviations[0]);
            if (right > left)
                gain += (right - left) * Below(height, means[1], deviations[1]);
            if (strip < _front.Count)
                (left, height) = (right, _front[strip][1]);
        }

        return gain;
    }

    private double OfOptimist(ReadOnlySpan<double> means, ReadOnlySpan<double> deviations)
    {
        var guess = new double[means.Length];
        var box = 1.0;
        for (var i = 0; i < guess.Length; i++)
        {
            guess[i] = means[i] - (Optimism * deviations[i]);
            box *= Math.Max(0, _reference[i] - guess[i]);
        }

        return box == 0 ? 0 : box - Hypervolume.Of(_front.Select(f => f.Zip(guess, Math.Max).ToArray()), _reference);
    }

    /// <summary>E[max(0, bound − X)] of a normal variable X.</summary>
    private static double Below(double bound, double mean, double deviation)
    {
        if (!(deviation > 0))
            return Math.Max(0, bound - mean);
        var z = (bound - mean) / deviation;
        if (z < -8)
            return 0;
        return z > 8 ? bound - mean : deviation * ((z * Normal.CDF(0, 1, z)) + Normal.PDF(0, 1, z));
    }
}
