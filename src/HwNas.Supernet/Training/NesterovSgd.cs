using HwNas.Core;
using HwNas.Supernet.Elastic;
using static TorchSharp.torch;
using Scalar = TorchSharp.Scalar;

namespace HwNas.Supernet.Training;

/// <summary>
/// Stochastic gradient descent with Nesterov momentum (Sutskever et al. 2013, in the form of PyTorch): v ← μv + g,
/// w ← w − η(g + μv), where g includes the decay of the weights that are decayed.
/// </summary>
/// <remarks>
/// All parameters are stepped at once: their gradients and momentum lie in one tensor each, as the weights do. TorchSharp's own
/// makes a scalar for every operation, which the garbage collector may free while native code still reads it: seldom, but
/// then a step is wrong or the process ends. Here each is kept until the step is done.
/// </remarks>
internal sealed class NesterovSgd : IDisposable
{
    private static readonly Scalar One = 1;

    private readonly Tensor _weights;
    private readonly FlatTensors _gradients;
    private readonly FlatTensors _velocities;
    private readonly FlatTensors _decays;
    private readonly Scalar _momentum;

    /// <summary>Creates the optimizer, and the gradients of all parameters.</summary>
    /// <param name="weights">What it steps.</param>
    /// <param name="isDecayed">Which of them decay, by name.</param>
    /// <param name="momentum">μ</param>
    /// <param name="weightDecay">The decay.</param>
    public NesterovSgd(SharedWeights weights, Func<string, bool> isDecayed, double momentum, double weightDecay)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        using Scalar decay = weightDecay;
        _weights = weights.Flat.All;
        (_gradients, _velocities, _decays) = (weights.Flat.Zeros(), weights.Flat.Zeros(), weights.Flat.Zeros());
        _momentum = momentum;
        Velocities = weights.Parameters.Keys.Zip(_velocities.Parts).ToDictionary(part => part.First, part => part.Second);
        foreach (var (name, decayed) in weights.Parameters.Keys.Zip(_decays.Parts))
        {
            if (isDecayed(name))
                decayed.fill_(decay);
        }

        // Autograd adds to a gradient that is there, in place.
        foreach (var (parameter, gradient) in weights.Parameters.Values.Zip(_gradients.Parts))
            parameter.grad = gradient;
    }

    /// <summary>The momentum of each parameter by the parameter's name.</summary>
    public IReadOnlyDictionary<string, Tensor> Velocities { get; }

    /// <summary>Zeroes all gradients.</summary>
    public void ZeroGradients()
    {
        using var scope = NewDisposeScope();
        _gradients.All.zero_();
    }

    /// <summary>Adds to the gradients of all parameters.</summary>
    public void AddGradients(Tensor gradients)
    {
        using var scope = NewDisposeScope();
        _gradients.All.add_(gradients, One);
    }

    /// <summary>Steps once along the gradients.</summary>
    public void Step(double learningRate)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        using Scalar down = -learningRate;
        var gradient = _gradients.All.addcmul(_decays.All, _weights, One);
        _velocities.All.mul_(_momentum).add_(gradient, One);
        _weights.add_(gradient.add_(_velocities.All, _momentum), down);
    }

    /// <summary>Takes the momentum of a checkpoint.</summary>
    /// <exception cref="InputException">It has another shape than its parameter.</exception>
    public void Restore(string name, StoredTensor stored, string origin)
    {
        if (!Velocities.TryGetValue(name, out var velocity)
            || stored.Type != "F32"
            || !stored.Shape.AsSpan().SequenceEqual(velocity.shape))
        {
            throw new InputException(
                $"'{origin}' holds momentum of '{name}' that does not fit its space; training cannot continue from it.");
        }

        stored.Bytes.CopyTo(velocity.bytes);
    }

    public void Dispose()
    {
        _gradients.Dispose();
        _velocities.Dispose();
        _decays.Dispose();
        _momentum.Dispose();
    }
}
