namespace HwNas.Core.Graphs;

/// <summary>Builds a block node by node; shapes follow from the operations.</summary>
/// <param name="name">The block's name.</param>
/// <param name="inputs">Shapes of its inputs, which are its values 0, 1, ….</param>
public sealed class BlockBuilder(string name, params FeatureShape[] inputs)
{
    private readonly List<Node> _nodes = [];

    /// <summary>The shape of a value.</summary>
    public FeatureShape ShapeOf(int value) => value < inputs.Length ? inputs[value] : _nodes[value - inputs.Length].Output;

    /// <summary>Adds a node and returns the number of its value.</summary>
    /// <param name="node">Name of the node, of which a block has only one.</param>
    /// <param name="operation">What it computes.</param>
    /// <param name="values">The values that it reads.</param>
    /// <exception cref="ArgumentException">The name is taken, a value does not exist, or the shapes do not fit.</exception>
    public int Add(string node, Operation operation, params ReadOnlySpan<int> values)
    {
        ArgumentNullException.ThrowIfNull(operation);
        if (_nodes.Exists(other => other.Name == node))
            throw new ArgumentException($"The block '{name}' has a node '{node}' already.", nameof(node));
        var shapes = new FeatureShape[values.Length];
        for (var i = 0; i < shapes.Length; i++)
        {
            shapes[i] = values[i] >= 0 && values[i] < inputs.Length + _nodes.Count
                ? ShapeOf(values[i])
                : throw new ArgumentException($"The block '{name}' has no value {values[i]}.", nameof(values));
        }

        _nodes.Add(new Node(name, node, operation, [.. values], operation.OutputOf(shapes)));
        return inputs.Length + _nodes.Count - 1;
    }

    /// <summary>
    /// Adds a convolution, the batch norm <c>{node}.bn</c> behind it if wanted, and the activation
    /// <c>{node}.activation</c> if there is one.
    /// </summary>
    /// <param name="node">Name of the node.</param>
    /// <param name="convolution">The convolution.</param>
    /// <param name="batchNorm">Whether batch norm follows.</param>
    /// <param name="activation">The activation at the end.</param>
    /// <param name="value">The value that it reads.</param>
    public int Convolve(string node, Convolution convolution, bool batchNorm, Activation activation, int value)
    {
        ArgumentNullException.ThrowIfNull(convolution);
        value = Add(node, convolution, value);
        if (batchNorm)
            value = Add($"{node}.bn", new BatchNorm(convolution.OutChannels), value);
        return activation == Activation.None ? value : Add($"{node}.activation", new Activate(activation), value);
    }

    /// <summary>The block.</summary>
    /// <param name="latencyKey">What it is called in latency tables.</param>
    public Block Build(string latencyKey) => _nodes.Count > 0
        ? new Block(name, latencyKey, [.. inputs], [.. _nodes])
        : throw new InvalidOperationException($"The block '{name}' has no node.");
}
