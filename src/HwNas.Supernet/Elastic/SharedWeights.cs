using HwNas.Core.Graphs;
using HwNas.Core.Spaces;
using HwNas.Supernet.Torch;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;
using Scalar = TorchSharp.Scalar;

namespace HwNas.Supernet.Elastic;

/// <summary>
/// The weights that all subnets share, by the names of <see cref="SubnetWeights"/> (statistics of batch norm belong to
/// calibrated subnets). Each has the greatest shape that any block of the space gives it: the union over the blocks, since
/// the largest network need not have all of them. A subnet takes the leading channels and the centre of each kernel
/// (BigNAS section 3; once-for-all section 3.2).
/// </summary>
/// <remarks>
/// All values lie in one tensor, of which the parameters are views: the optimizer steps over all of them at once.
/// </remarks>
internal sealed class SharedWeights : IDisposable
{
    // Kept: the garbage collector may free a scalar that is made for a call while native code still reads it.
    private static readonly Scalar One = 1;

    private readonly Dictionary<string, Parameter> _parameters = [];
    private readonly List<Tensor> _inOrder = [];

    // Where the weight of a node lies, and whether a bias comes next.
    private readonly Dictionary<string, (int Place, bool HasBias)> _nodes = [];

    public SharedWeights(ISearchSpace space, int seed, bool zeroGamma, TorchDevice device)
    {
        using var noGradient = no_grad();
        using var generator = new Generator((ulong)seed);
        var nodes = Union(space);
        Flat = new FlatTensors([.. nodes.SelectMany(node => node.Shapes)], device.Device);
        foreach (var (node, shapes, isResidual) in nodes)
        {
            _nodes.Add(node.Path, (_parameters.Count, shapes.Count > 1));
            var weight = Add(node.WeightName("weight"));

            // Drawn on the CPU, so that the seed gives the same weights on every device.
            using var drawn = device.IsCpu ? null : zeros(weight.shape);
            Initialize(drawn ?? weight, node.Operation, zeroGamma && isResidual, generator);
            if (drawn is not null)
                weight.copy_(drawn);
            if (shapes.Count > 1)
                Add(node.WeightName("bias"));
        }
    }

    /// <summary>All parameters by name, in order of execution.</summary>
    public IReadOnlyDictionary<string, Parameter> Parameters => _parameters;

    /// <summary>The values of all parameters, in their order.</summary>
    public FlatTensors Flat { get; }

    /// <summary>The slices of a node's weight and bias that a subnet uses; the bias is null where the node has none.</summary>
    public (Tensor Weight, Tensor? Bias) Slice(Node node) => Slice(node, _inOrder);

    /// <summary>The same slices of what lies in the order of the parameters: their values, or gradients.</summary>
    public (Tensor Weight, Tensor? Bias) Slice(Node node, IReadOnlyList<Tensor> values)
    {
        var (place, hasBias) = _nodes[node.Path];
        var weight = node.Operation switch
        {
            Convolution convolution => Slice(values[place], convolution),
            Linear linear => Leading(Leading(values[place], 0, linear.OutChannels), 1, linear.InChannels),
            BatchNorm norm => Leading(values[place], 0, norm.Channels),
            _ => throw new ArgumentException($"{node} has no weights.", nameof(node)),
        };
        return (weight, hasBias ? Leading(values[place + 1], 0, node.Output.Channels) : null);
    }

    public void Dispose()
    {
        foreach (var parameter in _parameters.Values)
            parameter.Dispose();
        _parameters.Clear();
        _inOrder.Clear();
        _nodes.Clear();
        Flat.Dispose();
    }

    private static Tensor Slice(Tensor weight, Convolution convolution)
    {
        weight = Leading(Leading(weight, 0, convolution.OutChannels), 1, convolution.ChannelsPerGroup);
        var margin = (weight.size(2) - convolution.Kernel) / 2;
        return margin == 0 ? weight : weight.narrow(2, margin, convolution.Kernel).narrow(3, margin, convolution.Kernel);
    }

    private static Tensor Leading(Tensor tensor, int dimension, long wanted) =>
        tensor.size(dimension) == wanted ? tensor : tensor.narrow(dimension, 0, wanted);

    // For each node with weights: the greatest shapes of its learned parts over all blocks of the space, and whether it is
    // the batch norm at the end of a residual branch in every one of them.
    private static Dictionary<string, (Node Node, List<long[]> Shapes, bool IsResidual)>.ValueCollection Union(ISearchSpace space)
    {
        var nodes = new Dictionary<string, (Node Node, List<long[]> Shapes, bool IsResidual)>();
        foreach (var block in space.Blocks())
        {
            foreach (var node in block.Nodes.Where(node => node.Operation.Params > 0))
            {
                List<long[]> shapes = [.. node.Operation.Weights.Where(part => part.IsLearned)
                    .Select(part => part.Shape.Select(side => (long)side).ToArray())];
                var isResidual = node.Operation is BatchNorm
                    && block.Nodes.Any(reader => reader.Operation is Add && block.MakerOf(reader.Inputs[0]) == node);
                nodes[node.Path] = nodes.TryGetValue(node.Path, out var known)
                    ? (
                        node,
                        [.. known.Shapes.Zip(shapes, (a, b) => a.Zip(b, Math.Max).ToArray())],
                        known.IsResidual && isResidual)
                    : (node, shapes, isResidual);
            }
        }

        return nodes.Values;
    }

    // Convolutions by He et al. 2015, fan-out; the classifier as in the MobileNet code; "zero-gamma": the last batch norm of
    // each residual branch starts at 0 (BigNAS section 3.1, "initialization"), unless some subnet has no shortcut around it:
    // that block would output nothing.
    private static void Initialize(Tensor weight, Operation operation, bool isZero, Generator generator)
    {
        _ = operation switch
        {
            Convolution convolution => weight.normal_(0, Math.Sqrt(2 / FanOut(convolution, weight)), generator),
            Linear => weight.normal_(0, 0.01, generator),
            BatchNorm => isZero ? weight : weight.fill_(One),
            _ => throw new NotSupportedException($"{operation} has no initial weights."),
        };
    }

    private static double FanOut(Convolution convolution, Tensor weight) =>
        (convolution.IsDepthwise ? 1 : (double)weight.size(0) / convolution.Groups) * weight.size(2) * weight.size(3);

    private Parameter Add(string name)
    {
        var parameter = new Parameter(Flat.Parts[_parameters.Count].detach());
        parameter.DetachFromDisposeScope();
        _parameters.Add(name, parameter);
        _inOrder.Add(parameter);
        return parameter;
    }
}
