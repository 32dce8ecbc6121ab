using HwNas.Supernet.Elastic;
using static TorchSharp.torch;
using Scalar = TorchSharp.Scalar;

namespace HwNas.Supernet.Training.Recipes;

/// <summary>
/// The exponential moving average of all weights (Polyak and Juditsky 1992), which forgets its beginnings faster while it is
/// young: its decay after t steps is at most (1 + t) / (10 + t), as TensorFlow's.
/// </summary>
internal sealed class WeightAverage : IDisposable
{
    private readonly SharedWeights _weights;
    private readonly double _decay;

    /// <summary>Begins with the weights as they are.</summary>
    public WeightAverage(SharedWeights weights, double decay)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        (_weights, _decay) = (weights, decay);
        Values = weights.Flat.Zeros();
        Values.All.copy_(weights.Flat.All);
    }

    /// <summary>The average, in the order of the parameters.</summary>
    public FlatTensors Values { get; }

    /// <summary>Takes in the weights after a step.</summary>
    /// <param name="steps">Steps done before it.</param>
    public void Update(int steps)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var decay = Math.Min(_decay, (1.0 + steps) / (10 + steps));
        using Scalar kept = decay, taken = 1 - decay;
        Values.All.mul_(kept).add_(_weights.Flat.All, taken);
    }

    /// <summary>Does something while the supernet has the averaged weights.</summary>
    public T InPlace<T>(Func<T> act)
    {
        Exchange();
        try
        {
            return act();
        }
        finally
        {
            Exchange();
        }
    }

    public void Dispose() => Values.Dispose();

    private void Exchange()
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var weights = _weights.Flat.All.clone();
        _weights.Flat.All.copy_(Values.All);
        Values.All.copy_(weights);
    }
}
