using HwNas.Core;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;
using Scalar = TorchSharp.Scalar;

namespace HwNas.Supernet.Training;

/// <summary>
/// Stochastic gradient descent with Nesterov momentum (Sutskever et al. 2013, in the form of PyTorch): v ← μv + g,
/// w ← w − η(g + μv), where g includes the decay of the weights that are decayed.
/// </summary>
/// <remarks>
/// TorchSharp's own makes a scalar for every operation, which the garbage collector may free while native code still reads
/// it: seldom, but then a step is wrong or the process ends. Here each is kept until the step is done.
/// </remarks>
internal sealed class NesterovSgd : IDisposable
{
    private static readonly Scalar One = 1;

    private readonly IReadOnlyDictionary<string, Parameter> _parameters;
    private readonly Func<string, bool> _isDecayed;
    private readonly Scalar _momentum;
    private readonly Scalar _decay;
    private readonly Dictionary<string, Tensor> _velocities = [];

    /// <summary>Creates the optimizer.</summary>
    /// <param name="parameters">The parameters by name.</param>
    /// <param name="isDecayed">Which of them decay.</param>
    /// <param name="momentum">μ</param>
    /// <param name="weightDecay">The decay.</param>
    public NesterovSgd(
        IReadOnlyDictionary<string, Parameter> parameters, Func<string, bool> isDecayed, double momentum, double weightDecay)
    {
        _parameters = parameters;
        _isDecayed = isDecayed;
        _momentum = momentum;
        _decay = weightDecay;
    }

    /// <summary>The momentum of each parameter that has been stepped, by the parameter's name.</summary>
    public IReadOnlyDictionary<string, Tensor> Velocities => _velocities;

    /// <summary>Zeroes all gradients.</summary>
    public void ZeroGradients()
    {
        using var noGradient = no_grad();
        foreach (var parameter in _parameters.Values)
        {
            using var gradient = parameter.grad;
            gradient?.zero_();
        }
    }

    /// <summary>Steps once along the gradients; parameters that never had one stay.</summary>
    public void Step(double learningRate)
    {
        using var noGradient = no_grad();
        Scalar down = -learningRate;
        foreach (var (name, parameter) in _parameters)
        {
            using var scope = NewDisposeScope();
            var gradient = parameter.grad;
            if (gradient is null)
                continue;
            if (_isDecayed(name))
                gradient = gradient.add(parameter, _decay);
            if (_velocities.TryGetValue(name, out var velocity))
                velocity.mul_(_momentum).add_(gradient, One);
            else
                _velocities.Add(name, velocity = zeros_like(parameter).detach().copy_(gradient).DetachFromDisposeScope());
            parameter.add_(gradient.add(velocity, _momentum), down);
        }

        GC.KeepAlive(down);
    }

    /// <summary>Takes the momentum of a checkpoint.</summary>
    /// <exception cref="InputException">It has another shape than its parameter.</exception>
    public void Restore(string name, StoredTensor stored, string origin)
    {
        if (!_parameters.TryGetValue(name, out var parameter)
            || stored.Type != "F32"
            || !stored.Shape.AsSpan().SequenceEqual(parameter.shape))
        {
            throw new InputException(
                $"'{origin}' holds momentum of '{name}' that does not fit its space; training cannot continue from it.");
        }

        var velocity = zeros_like(parameter).detach().DetachFromDisposeScope();
        stored.Bytes.CopyTo(velocity.bytes);
        _velocities[name] = velocity;
    }

    public void Dispose()
    {
        foreach (var velocity in _velocities.Values)
            velocity.Dispose();
        _velocities.Clear();
        _momentum.Dispose();
        _decay.Dispose();
    }
}
