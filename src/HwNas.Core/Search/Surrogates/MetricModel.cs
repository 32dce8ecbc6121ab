using HwNas.Core.Predictors;

namespace HwNas.Core.Search.Surrogates;

/// <summary>
/// A Gaussian process of one metric, turned so that smaller is better. Kernels are learned anew when
/// the samples have grown by a fifth.
/// </summary>
internal sealed class MetricModel(bool isWarped)
{
    private const int LearningSteps = 40;

    private GenomeKernel? _kernel;
    private GenomeProcess? _process;
    private LossWarp _warp = LossWarp.None;
    private int _learnedSamples;

    public void Fit(byte[][] states, double[] losses)
    {
        _warp = isWarped ? LossWarp.Log(losses) : LossWarp.None;
        if (states.Length >= 1.2 * _learnedSamples)
        {
            _learnedSamples = states.Length;
            _kernel = GenomeProcess.Learn(_kernel ?? GenomeKernel.Prior(states[0].Length), states, Warped(losses), LearningSteps);
        }

        _process = new GenomeProcess(_kernel!, states, Warped(losses));
    }

    /// <summary>The expected loss; much faster than <see cref="Predict"/>.</summary>
    public double Mean(byte[] states) => _warp.Back(new Prediction(_process!.Mean(states), 0)).Mean;

    public Prediction Predict(byte[] states) => _warp.Back(_process!.Predict(states));

    private double[] Warped(double[] losses) => Array.ConvertAll(losses, _warp.To);
}
