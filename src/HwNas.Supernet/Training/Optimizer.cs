using HwNas.Supernet.Elastic;
using HwNas.Supernet.Training.Recipes;
using static TorchSharp.torch;
using Scalar = TorchSharp.Scalar;

namespace HwNas.Supernet.Training;

/// <summary>
/// What all optimizers share: gradients of all parameters, to which the subnets of a sandwich add, clipping and weight decay.
/// </summary>
/// <remarks>
/// All parameters are stepped at once: their gradients and states lie in one tensor each, as the weights do. TorchSharp's own
/// makes a scalar for every operation, which the garbage collector may free while native code still reads it: seldom, but
/// then a step is wrong or the process ends. Here each is kept until the step is done.
/// </remarks>
internal abstract class Optimizer : IDisposable
{
    private static readonly Scalar One = 1;

    private readonly SharedWeights _weights;
    private readonly FlatTensors _gradients, _decays;
    private readonly Dictionary<string, FlatTensors> _states = [];
    private readonly double _clipValue, _clipNorm;

    /// <summary>Creates the gradients of all parameters.</summary>
    /// <param name="weights">What it steps.</param>
    /// <param name="isDecayed">Which of them decay, by name.</param>
    /// <param name="recipe">Decay and clipping.</param>
    protected Optimizer(SharedWeights weights, Func<string, bool> isDecayed, Recipe recipe)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        using Scalar decay = recipe.WeightDecay;
        (_weights, _clipValue, _clipNorm) = (weights, recipe.ClipValue, recipe.ClipNorm);
        (_gradients, _decays) = (weights.Flat.Zeros(), weights.Flat.Zeros());
        foreach (var (name, decayed) in weights.Parameters.Keys.Zip(_decays.Parts))
        {
            if (isDecayed(name))
                decayed.fill_(decay);
        }

        // Autograd adds to a gradient that is there, in place.
        foreach (var (parameter, gradient) in weights.Parameters.Values.Zip(_gradients.Parts))
            parameter.grad = gradient;
    }

    /// <summary>The optimizer that a recipe names.</summary>
    public static Optimizer Of(SharedWeights weights, Func<string, bool> isDecayed, Recipe recipe) =>
        recipe.Optimizer == OptimizerKind.RmsProp
            ? new RmsProp(weights, isDecayed, recipe)
            : new NesterovSgd(weights, isDecayed, recipe);

    /// <summary>What it remembers of each parameter, by the state's name, in the order of the parameters.</summary>
    public IReadOnlyDictionary<string, FlatTensors> States => _states;

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

    /// <summary>Steps once along the gradients, clipped, and the decay.</summary>
    public void Step(double learningRate)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Clip(_gradients.All);
        Step(_weights.Flat.All, _gradients.All.addcmul(_decays.All, _weights.Flat.All, One), learningRate);
    }

    public void Dispose()
    {
        _gradients.Dispose();
        _decays.Dispose();
        foreach (var state in _states.Values)
            state.Dispose();
        DisposeScalars();
    }

    /// <summary>Steps once.</summary>
    /// <param name="weights">All weights.</param>
    /// <param name="gradient">All gradients, which may be overwritten.</param>
    /// <param name="learningRate">The learning rate.</param>
    protected abstract void Step(Tensor weights, Tensor gradient, double learningRate);

    protected abstract void DisposeScalars();

    /// <summary>Adds a state, which begins at 0 for every weight.</summary>
    protected Tensor AddState(string name)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var state = _weights.Flat.Zeros();
        _states.Add(name, state);
        return state.All;
    }

    private void Clip(Tensor gradient)
    {
        if (_clipValue > 0)
        {
            using Scalar most = _clipValue, least = -_clipValue;
            gradient.clamp_(least, most);
        }

        if (_clipNorm > 0 && gradient.norm().item<float>() is var norm && norm > _clipNorm)
        {
            using Scalar scale = _clipNorm / norm;
            gradient.mul_(scale);
        }
    }
}

/// <summary>
/// Stochastic gradient descent with Nesterov momentum (Sutskever et al. 2013, in the form of PyTorch): v ← μv + g,
/// w ← w − η(g + μv).
/// </summary>
internal sealed class NesterovSgd : Optimizer
{
    private static readonly Scalar One = 1;

    private readonly Tensor _velocities;
    private readonly Scalar _momentum;

    public NesterovSgd(SharedWeights weights, Func<string, bool> isDecayed, Recipe recipe)
        : base(weights, isDecayed, recipe) =>
        (_velocities, _momentum) = (AddState("momentum"), recipe.Momentum);

    protected override void Step(Tensor weights, Tensor gradient, double learningRate)
    {
        using Scalar down = -learningRate;
        _velocities.mul_(_momentum).add_(gradient, One);
        weights.add_(gradient.add_(_velocities, _momentum), down);
    }

    protected override void DisposeScalars() => _momentum.Dispose();
}

/// <summary>
/// RMSProp with momentum in TensorFlow's form, which BigNAS uses: s ← ρs + (1 − ρ)g², beginning at 1, v ← μv + ηg / √(s + ε),
/// w ← w − v. PyTorch's begins at 0, and adds ε outside of the root.
/// </summary>
internal sealed class RmsProp : Optimizer
{
    private static readonly Scalar One = 1, MinusOne = -1;

    private readonly Tensor _squares, _velocities;
    private readonly Scalar _momentum, _keptShare, _newShare, _epsilon;

    public RmsProp(SharedWeights weights, Func<string, bool> isDecayed, Recipe recipe)
        : base(weights, isDecayed, recipe)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        (_momentum, _epsilon) = (recipe.Momentum, recipe.Epsilon);
        (_keptShare, _newShare) = (recipe.SquareDecay, 1 - recipe.SquareDecay);
        (_velocities, _squares) = (AddState("momentum"), AddState("mean_square"));
        _squares.fill_(One);
    }

    protected override void Step(Tensor weights, Tensor gradient, double learningRate)
    {
        using Scalar rate = learningRate;
        _squares.mul_(_keptShare).addcmul_(gradient, gradient, _newShare);
        _velocities.mul_(_momentum).addcdiv_(gradient, _squares.add(_epsilon).sqrt_(), rate);
        weights.add_(_velocities, MinusOne);
    }

    protected override void DisposeScalars()
    {
        _momentum.Dispose();
        _keptShare.Dispose();
        _newShare.Dispose();
        _epsilon.Dispose();
    }
}
