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
    private readonly Tensor _gradients;
    private readonly FlatTensors _velocities;
    private readonly FlatTensors _decays;
    private readonly Scalar _momentum;

    /// <summary>Creates the optimizer.</summary>
    /// <param name="supernet">Whose weights it steps along their gradients.</param>
    /// <param name="isDecayed">Which of them decay, by name.</param>
    /// <param name="momentum">μ</param>
    /// <param name="weightDecay">The decay.</param>
    public NesterovSgd(ElasticSupernet supernet, Func<string, bool> isDecayed, double momentum, double weightDecay)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        using Scalar decay = weightDecay;
        (_weights, _gradients) = (supernet.Weights.Flat.All, supernet.Sliced.Gradients.All);
        (_velocities, _decays) = (supernet.Weights.Flat.Zeros(), supernet.Weights.Flat.Zeros());
        _momentum = momentum;
        var names = supernet.Parameters.Keys.Index().ToList();
        Velocities = names.ToDictionary(name => name.Item, name => _velocities[name.Index].DetachFromDisposeScope());
        foreach (var (index, _) in names.Where(name => isDecayed(name.Item)))
            _decays[index].fill_(decay);
    }

    /// <summary>The momentum of each parameter by the parameter's name.</summary>
    public IReadOnlyDictionary<string, Tensor> Velocities { get; }

    /// <summary>Steps once.</summary>
    public void Step(double learningRate)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        using Scalar down = -learningRate;
        var gradient = _gradients.addcmul(_decays.All, _weights, One);
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
        foreach (var velocity in Velocities.Values)
            velocity.Dispose();
        _velocities.Dispose();
        _decays.Dispose();
        _momentum.Dispose();
    }
}
