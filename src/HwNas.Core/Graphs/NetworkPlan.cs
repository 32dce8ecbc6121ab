using System.Collections.Immutable;

namespace HwNas.Core.Graphs;

/// <summary>
/// A network as a directed acyclic graph of blocks with all shapes, made by its space in one function. Costs, latency
/// keys, the tensors' forward pass, the ONNX writer and the reference interpreter all walk it.
/// </summary>
public sealed class NetworkPlan
{
    /// <summary>Creates a network.</summary>
    /// <param name="id">Its text id in its space.</param>
    /// <param name="input">Shape of one input image.</param>
    /// <param name="blocks">The blocks, in order of execution; the last is the output.</param>
    /// <param name="wiring">For each block the values that it reads: value 0 is the image,
    /// value i + 1 the output of block i.</param>
    /// <exception cref="ArgumentException">A block reads what does not exist yet, or what has another shape; or two
    /// blocks have one name.</exception>
    public NetworkPlan(string id, FeatureShape input, ImmutableArray<Block> blocks, ImmutableArray<ImmutableArray<int>> wiring)
    {
        Id = id;
        Input = input;
        Blocks = blocks;
        Wiring = wiring;
        if (blocks.IsEmpty || wiring.Length != blocks.Length)
        {
            throw new ArgumentException(
                $"{blocks.Length} blocks with {wiring.Length} lists of inputs are no network.", nameof(wiring));
        }

        foreach (var (index, block) in blocks.Index())
        {
            var shapes = wiring[index].Select(value => value >= 0 && value <= index
                ? ShapeOf(value)
                : throw new ArgumentException($"{block} reads value {value}.", nameof(wiring)));
            if (!shapes.SequenceEqual(block.Inputs))
            {
                throw new ArgumentException(
                    $"{block} takes {string.Join(", ", block.Inputs)}, not what it reads.", nameof(wiring));
            }
        }

        if (blocks.DistinctBy(block => block.Name).Count() != blocks.Length)
            throw new ArgumentException("Two blocks have one name.", nameof(blocks));
    }

    /// <summary>Its text id in its space.</summary>
    public string Id { get; }

    /// <summary>Shape of one input image.</summary>
    public FeatureShape Input { get; }

    /// <summary>The blocks, in order of execution.</summary>
    public ImmutableArray<Block> Blocks { get; }

    /// <summary>For each block the values that it reads: value 0 is the image, value i + 1 the output of block i.</summary>
    public ImmutableArray<ImmutableArray<int>> Wiring { get; }

    /// <summary>Number of classes.</summary>
    public int Classes => Blocks[^1].Output.Channels;

    /// <summary>A network whose blocks follow each other.</summary>
    public static NetworkPlan Chain(string id, IEnumerable<Block> blocks)
    {
        ImmutableArray<Block> chain = [.. blocks];
        return new NetworkPlan(id, chain[0].Inputs[0], chain, [.. chain.Select((_, index) => ImmutableArray.Create(index))]);
    }

    /// <summary>The shape of a value: the image, or a block's output.</summary>
    public FeatureShape ShapeOf(int value) => value == 0 ? Input : Blocks[value - 1].Output;
}
