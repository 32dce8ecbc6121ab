using System.Collections.Immutable;
using HwNas.Core.SearchSpaces;

namespace HwNas.Core.Networks;

/// <summary>
/// An architecture as an ordered list of layers with all shapes: the only shape walk of HwNas. Costs, latency keys,
/// the ONNX writer and the supernet all read it.
/// </summary>
public sealed class NetworkPlan
{
    /// <summary>The epsilon of every batch norm.</summary>
    public const double BatchNormEpsilon = 1e-5;

    private NetworkPlan(Architecture architecture, FeatureShape input, ImmutableArray<LayerSpec> layers)
    {
        Architecture = architecture;
        Input = input;
        Layers = layers;
    }

    /// <summary>The architecture.</summary>
    public Architecture Architecture { get; }

    /// <summary>Shape of one input image.</summary>
    public FeatureShape Input { get; }

    /// <summary>Stem, blocks, head.</summary>
    public ImmutableArray<LayerSpec> Layers { get; }

    /// <summary>Number of classes.</summary>
    public int Classes => Layers[^1].Output.Channels;

    /// <summary>Walks the shapes of an architecture. It need not be made of the space's choices, only have its stages.</summary>
    public static NetworkPlan Build(SearchSpace space, Architecture architecture)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(architecture);
        var definition = space.Definition;
        if (architecture.Stages.Length != definition.Stages.Length)
            throw new ArgumentException($"{architecture.Id} has {architecture.Stages.Length} stages, the space '{space.Name}' {definition.Stages.Length}.", nameof(architecture));

        var layers = ImmutableArray.CreateBuilder<LayerSpec>();
        layers.Add(Stem(definition, architecture.Resolution, architecture.StemWidth));
        foreach (var (index, stage) in architecture.Stages.Index())
        {
            for (var block = 0; block < stage.Depth; block++)
                layers.Add(Block(definition, index, block, layers[^1].Output, stage.Width, stage.Kernels[block], stage.Expansions[block]));
        }

        layers.Add(Head(definition, layers[^1].Output, architecture.HeadWidth));
        return new NetworkPlan(architecture, layers[0].Input, layers.ToImmutable());
    }

    /// <summary>The first layer of networks of a resolution and stem width.</summary>
    internal static StemLayer Stem(SearchSpaceDefinition space, int resolution, int width)
    {
        var input = new FeatureShape(space.InputChannels, resolution, resolution);
        var stem = space.Stem;
        var (height, columns) = (Strided(input.Height, stem.Stride), Strided(input.Width, stem.Stride));
        var conv = new ConvSpec("conv", input.Channels, width, stem.Kernel, stem.Stride, 1, height, columns, false, true, stem.Activation);
        return new StemLayer("stem", input, new FeatureShape(width, height, columns), conv);
    }

    /// <summary>One block of a stage on a given input; only the first block of a stage is strided.</summary>
    internal static MBConvLayer Block(SearchSpaceDefinition space, int stage, int block, FeatureShape input, int width, int kernel, int expansion)
    {
        var table = space.Stages[stage];
        return MBConv($"{table.Name}.{block}", table, space.Conventions, input, width, kernel, expansion, block == 0 ? table.Stride : 1);
    }

    /// <summary>What follows the stages, on their output.</summary>
    internal static HeadLayer Head(SearchSpaceDefinition space, FeatureShape input, int width)
    {
        var head = space.Head;
        var pooledWidth = head.ExpandWidth ?? (head.ExpandRatio * input.Channels) ?? width;
        var conv = Pointwise("conv", input.Channels, pooledWidth, input.Height, input.Width, true, head.Activation);
        var mix = head.HasMix ? Pointwise("mix", pooledWidth, width, 1, 1, false, head.Activation) : null;
        var classifier = Pointwise("classifier", width, space.Classes, 1, 1, false, Activation.None) with { Bias = true };
        return new HeadLayer("head", input, new FeatureShape(space.Classes, 1, 1), conv, mix, classifier);
    }

    /// <summary>
    /// Rounds to the nearest multiple of <paramref name="divisor"/>, but not below 90 % of <paramref name="value"/>
    /// (make_divisible of the MobileNet code).
    /// </summary>
    internal static int MakeDivisible(double value, int divisor)
    {
        var rounded = Math.Max(divisor, (int)(value + (divisor / 2.0)) / divisor * divisor);
        return rounded < 0.9 * value ? rounded + divisor : rounded;
    }

    private static MBConvLayer MBConv(
        string name, StageDefinition stage, Conventions conventions, FeatureShape input, int width, int kernel, int expansion, int stride)
    {
        var mid = expansion == 1 ? input.Channels : MakeDivisible(input.Channels * expansion, conventions.ChannelDivisor);
        var (height, columns) = (Strided(input.Height, stride), Strided(input.Width, stride));
        var expand = expansion == 1 ? null : Pointwise("expand", input.Channels, mid, input.Height, input.Width, true, stage.Activation);
        var depthwise = new ConvSpec("depthwise", mid, mid, kernel, stride, mid, height, columns, false, true, stage.Activation);

        ConvSpec? squeeze = null;
        ConvSpec? excite = null;
        if (stage.SqueezeExcite)
        {
            var source = (conventions.SqueezeSource == SqueezeSource.Input ? input.Channels : mid) / 4;
            var channels = conventions.SqueezeDivisor == 1 ? Math.Max(1, source) : MakeDivisible(source, conventions.SqueezeDivisor);
            squeeze = Pointwise("squeeze", mid, channels, 1, 1, false, conventions.SqueezeActivation) with { Bias = true };
            excite = Pointwise("excite", channels, mid, 1, 1, false, conventions.Gate) with { Bias = true };
        }

        var project = Pointwise("project", mid, width, height, columns, true, Activation.None);
        var same = stride == 1 && input.Channels == width;
        var hasShortcut = same || conventions.Shortcut == ShortcutRule.Projection;
        var shortcut = hasShortcut && input.Channels != width
            ? Pointwise("shortcut", input.Channels, width, height, columns, false, Activation.None)
            : null;
        return new MBConvLayer(name, input, new FeatureShape(width, height, columns), expand, depthwise, squeeze, excite, project, hasShortcut, shortcut);
    }

    private static ConvSpec Pointwise(string role, int inChannels, int outChannels, int height, int width, bool batchNorm, Activation activation) =>
        new(role, inChannels, outChannels, 1, 1, 1, height, width, false, batchNorm, activation);

    // Output side of a convolution with odd kernel and padding kernel / 2.
    private static int Strided(int side, int stride) => ((side - 1) / stride) + 1;
}
