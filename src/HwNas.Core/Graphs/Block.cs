using System.Collections.Immutable;

namespace HwNas.Core.Graphs;

/// <summary>One operation of a block.</summary>
public sealed class Node
{
    internal Node(string block, string name, Operation operation, ImmutableArray<int> inputs, FeatureShape output)
    {
        Name = name;
        Path = $"{block}.{name}";
        Operation = operation;
        Inputs = inputs;
        Output = output;
    }

    /// <summary>Its name within the block.</summary>
    public string Name { get; }

    /// <summary>Its name within the network, <c>{block}.{node}</c>.</summary>
    public string Path { get; }

    /// <summary>What it computes.</summary>
    public Operation Operation { get; }

    /// <summary>The values that it reads. The block's inputs are values 0, 1, …; each node adds one behind them.</summary>
    public ImmutableArray<int> Inputs { get; }

    /// <summary>Shape of its output.</summary>
    public FeatureShape Output { get; }

    /// <summary>Multiply-accumulates for one image.</summary>
    public long Macs => Operation.MacsOf(Output);

    /// <summary>The name of one of its weights in files and in the supernet, <c>{block}.{node}.{part}</c>.</summary>
    public string WeightName(string part) => $"{Path}.{part}";

    /// <inheritdoc/>
    public override string ToString() => $"{Path}: {Operation}";
}

/// <summary>
/// A small directed acyclic graph of nodes that a runtime executes as a whole: the unit of latency tables, and the prefix
/// of its weights' names. The last node is its output.
/// </summary>
public sealed class Block
{
    private readonly int[] _readers;

    internal Block(string name, string latencyKey, ImmutableArray<FeatureShape> inputs, ImmutableArray<Node> nodes)
    {
        Name = name;
        LatencyKey = latencyKey;
        Inputs = inputs;
        Nodes = nodes;
        _readers = new int[inputs.Length + nodes.Length];
        foreach (var node in nodes)
        {
            Macs += node.Macs;
            Params += node.Operation.Params;
            foreach (var value in node.Inputs.Distinct())
                _readers[value]++;
        }
    }

    /// <summary>Its name in the network, such as <c>stem</c>, <c>mb3.1</c> or <c>head</c>.</summary>
    public string Name { get; }

    /// <summary>Canonical text that two blocks share exactly when a runtime runs the same computation for both.</summary>
    public string LatencyKey { get; }

    /// <summary>Shapes of its inputs.</summary>
    public ImmutableArray<FeatureShape> Inputs { get; }

    /// <summary>The nodes, in order of execution.</summary>
    public ImmutableArray<Node> Nodes { get; }

    /// <summary>Shape of its output.</summary>
    public FeatureShape Output => Nodes[^1].Output;

    /// <summary>Multiply-accumulates for one image.</summary>
    public long Macs { get; }

    /// <summary>Learned weights.</summary>
    public long Params { get; }

    /// <summary>Whether its output is a vector of features, [images, features], and no map.</summary>
    public bool IsFlat => Nodes[^1].Operation is Linear;

    /// <summary>The node of a name; null where there is none.</summary>
    public Node? Find(string node) => Nodes.FirstOrDefault(candidate => candidate.Name == node);

    /// <summary>The shape of a value: of an input, or of a node's output.</summary>
    public FeatureShape ShapeOf(int value) => value < Inputs.Length ? Inputs[value] : Nodes[value - Inputs.Length].Output;

    /// <summary>The node that makes a value; null for the block's inputs.</summary>
    public Node? MakerOf(int value) => value < Inputs.Length ? null : Nodes[value - Inputs.Length];

    /// <summary>How many nodes read a value.</summary>
    public int ReadersOf(int value) => _readers[value];

    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({LatencyKey})";
}
