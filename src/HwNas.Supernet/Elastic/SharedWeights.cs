using HwNas.Core.Graphs;
using HwNas.Core.Spaces;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace HwNas.Supernet.Elastic;

/// <summary>
/// The weights that all subnets share, in the shapes of the largest one, by the names of <see cref="SubnetWeights"/>
/// (batch norm has only its affine pair: statistics belong to calibrated subnets). A subnet takes the leading channels
/// and the centre of each kernel (BigNAS section 3; once-for-all section 3.2).
/// </summary>
internal sealed class SharedWeights : IDisposable
{
    private readonly Dictionary<string, Parameter> _parameters = [];

    public SharedWeights(SearchSpace space, int seed)
    {
        using var generator = new Generator((ulong)seed);
        var zeroGamma = ZeroGammaNames(space);
        foreach (var layer in NetworkPlan.Build(space, space.Largest).Layers)
        {
            foreach (var conv in layer.Convolutions)
                Initialise($"{layer.Name}.{conv.Role}", conv, zeroGamma, generator);
        }
    }

    /// <summary>All parameters by name, in order of execution.</summary>
    public IReadOnlyDictionary<string, Parameter> Parameters => _parameters;

    /// <summary>The slice of a convolution's weight that a subnet uses; [out, in] for the classifier.</summary>
    public Tensor Weight(string layer, ConvSpec conv)
    {
        Tensor weight = _parameters[$"{layer}.{conv.Role}.weight"];
        var shape = weight.shape;
        weight = Leading(weight, 0, shape[0], conv.OutChannels);
        weight = Leading(weight, 1, shape[1], conv.InChannels / conv.Groups);
        if (shape.Length == 4 && shape[2] != conv.Kernel)
        {
            var margin = (shape[2] - conv.Kernel) / 2;
            weight = weight.narrow(2, margin, conv.Kernel).narrow(3, margin, conv.Kernel);
        }

        return weight;
    }

    /// <summary>The leading part of a vector of the convolution (<c>bias</c>, <c>bn.weight</c>, <c>bn.bias</c>).</summary>
    public Tensor Vector(string layer, ConvSpec conv, string part)
    {
        var vector = _parameters[$"{layer}.{conv.Role}.{part}"];
        return Leading(vector, 0, vector.shape[0], conv.OutChannels);
    }

    public void Dispose()
    {
        foreach (var parameter in _parameters.Values)
            parameter.Dispose();
        _parameters.Clear();
    }

    private static Tensor Leading(Tensor tensor, long dimension, long size, long wanted) =>
        size == wanted ? tensor : tensor.narrow(dimension, 0, wanted);

    // "Zero-gamma": the last batch norm of each residual block starts at 0 (BigNAS section 3.1, "initialization"). Only
    // where every subnet has the shortcut: a block without one would output nothing.
    private static HashSet<string> ZeroGammaNames(SearchSpace space)
    {
        var residual = new HashSet<string>();
        foreach (var (index, stage) in space.Definition.Stages.Index())
        {
            for (var block = 0; block < stage.Depths[^1]; block++)
            {
                if (block > 0 || space.Definition.Conventions.Shortcut == ShortcutRule.Projection)
                    residual.Add($"{space.Definition.Stages[index].Name}.{block}.project");
            }
        }

        return residual;
    }

    private void Initialise(string name, ConvSpec conv, HashSet<string> zeroGamma, Generator generator)
    {
        // He et al. 2015, fan-out for convolutions; the classifier as in the MobileNet code.
        var classifier = conv.Role == "classifier";
        long[] shape = classifier
            ? [conv.OutChannels, conv.InChannels]
            : [conv.OutChannels, conv.InChannels / conv.Groups, conv.Kernel, conv.Kernel];
        var fanOut = (double)conv.OutChannels / conv.Groups * conv.Kernel * conv.Kernel;
        var deviation = classifier ? 0.01 : Math.Sqrt(2 / fanOut);
        Add($"{name}.weight", empty(shape).normal_(0, deviation, generator));
        if (conv.Bias)
            Add($"{name}.bias", zeros(conv.OutChannels));
        if (!conv.BatchNorm)
            return;
        Add($"{name}.bn.weight", zeroGamma.Contains(name) ? zeros(conv.OutChannels) : ones(conv.OutChannels));
        Add($"{name}.bn.bias", zeros(conv.OutChannels));
    }

    private void Add(string name, Tensor value)
    {
        var parameter = new Parameter(value);
        parameter.DetachFromDisposeScope();
        _parameters.Add(name, parameter);
    }
}
