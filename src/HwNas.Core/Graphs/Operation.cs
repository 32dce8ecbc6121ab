using System.Collections.Immutable;

namespace HwNas.Core.Graphs;

/// <summary>One array of weights that an operation needs.</summary>
/// <param name="Part">Its name within the node, such as <c>weight</c>.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="IsLearned">Whether training learns it; else it is a statistic, and no parameter.</param>
public readonly record struct WeightSpec(string Part, ImmutableArray<int> Shape, bool IsLearned = true)
{
    /// <summary>Number of values.</summary>
    public int Elements => Shape.Aggregate(1, (product, side) => checked(product * side));
}

/// <summary>
/// What a node computes from its inputs. Shapes, weights and counts are the operation's own affair: who counts, exports,
/// trains or interprets a network walks its nodes and knows no kind of block or space.
/// </summary>
public abstract record Operation
{
    /// <summary>The weights that it needs, in the order in which files name them.</summary>
    public virtual ImmutableArray<WeightSpec> Weights => [];

    /// <summary>Number of learned weights.</summary>
    public virtual long Params => 0;

    /// <summary>
    /// Whether each value of the output depends on the values in its place only, so that it can take an input's memory.
    /// </summary>
    public virtual bool IsElementwise => false;

    /// <summary>Shape of the output.</summary>
    /// <exception cref="ArgumentException">It takes no inputs of these shapes.</exception>
    public abstract FeatureShape OutputOf(ReadOnlySpan<FeatureShape> inputs);

    /// <summary>Multiply-accumulates for one image (1 MAC = 1 FLOP, as the field counts).</summary>
    public virtual long MacsOf(FeatureShape output) => 0;

    /// <summary>The only input.</summary>
    protected FeatureShape Only(ReadOnlySpan<FeatureShape> inputs) =>
        inputs.Length == 1
            ? inputs[0]
            : throw new ArgumentException($"{this} takes one input, not {inputs.Length}.", nameof(inputs));

    /// <summary>The shape of all inputs.</summary>
    protected FeatureShape Same(ReadOnlySpan<FeatureShape> inputs)
    {
        foreach (var input in inputs)
        {
            if (input != inputs[0])
                throw new ArgumentException($"{this} takes inputs of one shape, not {inputs[0]} and {input}.", nameof(inputs));
        }

        return inputs.Length > 0 ? inputs[0] : throw new ArgumentException($"{this} needs an input.", nameof(inputs));
    }
}

/// <summary>A convolution with as much padding as keeps the size at stride 1.</summary>
/// <param name="InChannels">Input channels.</param>
/// <param name="OutChannels">Output channels.</param>
/// <param name="Kernel">Side of the kernel, odd.</param>
/// <param name="Stride">Stride in both directions.</param>
/// <param name="Dilation">Distance of neighbouring weights, in pixels of the input.</param>
/// <param name="Groups">1, or the number of channels for a depthwise convolution.</param>
/// <param name="Bias">Whether it adds a bias.</param>
public sealed record Convolution(
    int InChannels, int OutChannels, int Kernel, int Stride = 1, int Dilation = 1, int Groups = 1, bool Bias = false) : Operation
{
    /// <summary>Zeros on every side.</summary>
    public int Padding => Dilation * (Kernel / 2);

    /// <summary>Whether every channel is convolved on its own.</summary>
    public bool IsDepthwise => Groups == InChannels && Groups > 1;

    /// <summary>Input channels that one output channel sees.</summary>
    public int ChannelsPerGroup => InChannels / Groups;

    /// <inheritdoc/>
    public override ImmutableArray<WeightSpec> Weights => Bias
        ? [new("weight", [OutChannels, ChannelsPerGroup, Kernel, Kernel]), new("bias", [OutChannels])]
        : [new("weight", [OutChannels, ChannelsPerGroup, Kernel, Kernel])];

    /// <inheritdoc/>
    public override long Params => KernelWeights + (Bias ? OutChannels : 0);

    private long KernelWeights => (long)OutChannels * ChannelsPerGroup * Kernel * Kernel;

    /// <inheritdoc/>
    public override FeatureShape OutputOf(ReadOnlySpan<FeatureShape> inputs)
    {
        var input = Only(inputs);
        return input.Channels == InChannels
            ? new FeatureShape(OutChannels, ((input.Height - 1) / Stride) + 1, ((input.Width - 1) / Stride) + 1)
            : throw new ArgumentException($"{this} does not take {input}.", nameof(inputs));
    }

    /// <inheritdoc/>
    public override long MacsOf(FeatureShape output) => KernelWeights * output.Height * output.Width;
}

/// <summary>A linear layer on a 1×1 map.</summary>
/// <param name="InChannels">Input features.</param>
/// <param name="OutChannels">Output features.</param>
public sealed record Linear(int InChannels, int OutChannels) : Operation
{
    /// <inheritdoc/>
    public override ImmutableArray<WeightSpec> Weights => [new("weight", [OutChannels, InChannels]), new("bias", [OutChannels])];

    /// <inheritdoc/>
    public override long Params => ((long)InChannels * OutChannels) + OutChannels;

    /// <inheritdoc/>
    public override FeatureShape OutputOf(ReadOnlySpan<FeatureShape> inputs) => Only(inputs) == new FeatureShape(InChannels, 1, 1)
        ? new FeatureShape(OutChannels, 1, 1)
        : throw new ArgumentException($"{this} does not take {inputs[0]}.", nameof(inputs));

    /// <inheritdoc/>
    public override long MacsOf(FeatureShape output) => (long)InChannels * OutChannels;
}

/// <summary>Batch normalisation: γ (x − μ) / √(σ² + ε) + β, with the batch's own statistics while training.</summary>
/// <param name="Channels">Channels.</param>
public sealed record BatchNorm(int Channels) : Operation
{
    /// <summary>ε</summary>
    public const double Epsilon = 1e-5;

    /// <inheritdoc/>
    public override ImmutableArray<WeightSpec> Weights =>
    [
        new("weight", [Channels]), new("bias", [Channels]), new("mean", [Channels], IsLearned: false),
        new("variance", [Channels], IsLearned: false),
    ];

    /// <inheritdoc/>
    public override long Params => 2L * Channels;

    /// <inheritdoc/>
    public override bool IsElementwise => true;

    /// <inheritdoc/>
    public override FeatureShape OutputOf(ReadOnlySpan<FeatureShape> inputs) => Only(inputs).Channels == Channels
        ? inputs[0]
        : throw new ArgumentException($"{this} does not take {inputs[0]}.", nameof(inputs));
}

/// <summary>An activation function, element by element.</summary>
/// <param name="Function">The function.</param>
public sealed record Activate(Activation Function) : Operation
{
    /// <inheritdoc/>
    public override bool IsElementwise => true;

    /// <inheritdoc/>
    public override FeatureShape OutputOf(ReadOnlySpan<FeatureShape> inputs) => Only(inputs);
}

/// <summary>What a pooling window gives.</summary>
public enum PoolingKind
{
    /// <summary>The mean of the pixels that exist; padding is not counted.</summary>
    Average,

    /// <summary>The greatest.</summary>
    Max,
}

/// <summary>Pooling over windows.</summary>
/// <param name="Kind">What a window gives.</param>
/// <param name="Kernel">Side of the window.</param>
/// <param name="Stride">Stride in both directions.</param>
/// <param name="Padding">Pixels on every side that do not exist.</param>
/// <param name="KeepsRest">Whether a last window that reaches over the edge counts (ceil mode).</param>
public sealed record Pooling(PoolingKind Kind, int Kernel, int Stride, int Padding, bool KeepsRest = false) : Operation
{
    /// <inheritdoc/>
    public override FeatureShape OutputOf(ReadOnlySpan<FeatureShape> inputs)
    {
        var input = Only(inputs);
        var output = input with { Height = Side(input.Height), Width = Side(input.Width) };
        return output is { Height: > 0, Width: > 0 }
            ? output
            : throw new ArgumentException($"{this} does not take {input}.", nameof(inputs));
    }

    // A window must begin within the image or its padding on the left.
    private int Side(int side)
    {
        var windows = ((side + (2 * Padding) - Kernel + (KeepsRest ? Stride - 1 : 0)) / Stride) + 1;
        return KeepsRest && (windows - 1) * Stride >= side + Padding ? windows - 1 : windows;
    }
}

/// <summary>The mean of each channel.</summary>
public sealed record GlobalPooling : Operation
{
    /// <inheritdoc/>
    public override FeatureShape OutputOf(ReadOnlySpan<FeatureShape> inputs) => Only(inputs) with { Height = 1, Width = 1 };
}

/// <summary>The sum of maps of one shape.</summary>
public sealed record Add : Operation
{
    /// <inheritdoc/>
    public override bool IsElementwise => true;

    /// <inheritdoc/>
    public override FeatureShape OutputOf(ReadOnlySpan<FeatureShape> inputs) => Same(inputs);
}

/// <summary>A map times a gate for each channel.</summary>
public sealed record Multiply : Operation
{
    /// <inheritdoc/>
    public override bool IsElementwise => true;

    /// <inheritdoc/>
    public override FeatureShape OutputOf(ReadOnlySpan<FeatureShape> inputs) =>
        inputs.Length == 2 && inputs[1] == inputs[0] with { Height = 1, Width = 1 }
            ? inputs[0]
            : throw new ArgumentException($"{this} takes a map and a gate for each of its channels.", nameof(inputs));
}

/// <summary>The channels of maps of one size, one after the other.</summary>
public sealed record Concatenate : Operation
{
    /// <inheritdoc/>
    public override FeatureShape OutputOf(ReadOnlySpan<FeatureShape> inputs)
    {
        var channels = 0;
        foreach (var input in inputs)
        {
            channels += input.Channels;
            if ((input.Height, input.Width) != (inputs[0].Height, inputs[0].Width))
                throw new ArgumentException($"{this} takes maps of one size, not {inputs[0]} and {input}.", nameof(inputs));
        }

        return inputs.Length > 0
            ? inputs[0] with { Channels = channels }
            : throw new ArgumentException($"{this} needs an input.", nameof(inputs));
    }
}

/// <summary>The input itself.</summary>
public sealed record Identity : Operation
{
    /// <inheritdoc/>
    public override bool IsElementwise => true;

    /// <inheritdoc/>
    public override FeatureShape OutputOf(ReadOnlySpan<FeatureShape> inputs) => Only(inputs);
}

/// <summary>Zeros in the shape of the input: what a cell has where no operation was chosen.</summary>
public sealed record Zero : Operation
{
    /// <inheritdoc/>
    public override FeatureShape OutputOf(ReadOnlySpan<FeatureShape> inputs) => Only(inputs);
}
