using System.Collections.Immutable;
using HwNas.Core.Graphs;

namespace HwNas.Core.Spaces.MbConv;

/// <summary>Whether kernel and expansion are chosen once for a stage or for each of its blocks.</summary>
public enum GeneScope
{
    /// <summary>One choice for all blocks of a stage (BigNAS, AttentiveNAS).</summary>
    PerStage,

    /// <summary>One choice for each block (once-for-all).</summary>
    PerBlock,
}

/// <summary>Which channels the squeeze width of squeeze-and-excitation is a share of.</summary>
public enum SqueezeSource
{
    /// <summary>The block's input channels (BigNAS).</summary>
    Input,

    /// <summary>The block's inner (expanded) channels (AttentiveNAS, once-for-all).</summary>
    Mid,
}

/// <summary>Which blocks have a shortcut.</summary>
public enum ShortcutRule
{
    /// <summary>Only where stride is 1 and input and output channels are equal (once-for-all).</summary>
    Identity,

    /// <summary>
    /// Every block: average pooling where strided, a 1×1 convolution where channels change (BigNAS, AttentiveNAS).
    /// </summary>
    Projection,
}

/// <summary>A search space as its JSON file holds it: a table that reads like the paper's own.</summary>
/// <param name="Schema">Always <see cref="MbConvSpace.Schema"/>.</param>
/// <param name="Name">The name by which users ask for it.</param>
/// <param name="Source">Where the table comes from.</param>
/// <param name="InputChannels">Channels of the images.</param>
/// <param name="Classes">Number of classes.</param>
/// <param name="Resolutions">Image sides in pixels, ascending.</param>
/// <param name="Genes">Whether kernels and expansions are chosen per stage or per block.</param>
/// <param name="Conventions">The rules by which families differ.</param>
/// <param name="Stem">The first convolution.</param>
/// <param name="Stages">The stages of inverted-bottleneck blocks.</param>
/// <param name="Head">What follows the stages.</param>
public sealed record MbConvDefinition(
    string Schema,
    string Name,
    string Source,
    int InputChannels,
    int Classes,
    ImmutableArray<int> Resolutions,
    GeneScope Genes,
    Conventions Conventions,
    StemDefinition Stem,
    ImmutableArray<StageDefinition> Stages,
    HeadDefinition Head)
{
    /// <summary>Whether any width is elastic; otherwise architectures leave their widths out.</summary>
    internal bool HasElasticWidths =>
        Stem.Widths.Length > 1 || Stages.Any(stage => stage.Widths.Length > 1) || Head.Widths.Length > 1;
}

/// <summary>The conventions by which families of networks differ.</summary>
/// <param name="ChannelDivisor">Inner channels are rounded to multiples of this (make_divisible of the MobileNet code).</param>
/// <param name="SqueezeSource">Which channels the squeeze width is a quarter of.</param>
/// <param name="SqueezeDivisor">Squeeze widths are rounded to multiples of this; 1 = rounded down.</param>
/// <param name="SqueezeActivation">Activation between the two convolutions of squeeze-and-excitation.</param>
/// <param name="Gate">Gate of squeeze-and-excitation.</param>
/// <param name="Shortcut">Which blocks have a shortcut.</param>
public sealed record Conventions(
    int ChannelDivisor,
    SqueezeSource SqueezeSource,
    int SqueezeDivisor,
    Activation SqueezeActivation,
    Activation Gate,
    ShortcutRule Shortcut);

/// <summary>The first convolution, with batch norm.</summary>
/// <param name="Widths">Output channels, ascending.</param>
/// <param name="Kernel">Side of the kernel.</param>
/// <param name="Stride">1 or 2.</param>
/// <param name="Activation">Activation after the batch norm.</param>
public sealed record StemDefinition(ImmutableArray<int> Widths, int Kernel, int Stride, Activation Activation);

/// <summary>A stage of inverted-bottleneck (MBConv) blocks; only its first block is strided.</summary>
/// <param name="Name">The stage's name, such as <c>mb3</c>.</param>
/// <param name="Widths">Output channels, ascending.</param>
/// <param name="Depths">Numbers of blocks, ascending.</param>
/// <param name="Kernels">Depthwise kernel sides, odd, ascending.</param>
/// <param name="Expansions">Inner to input channels, ascending; 1 leaves the expanding convolution out.</param>
/// <param name="Stride">1 or 2.</param>
/// <param name="SqueezeExcite">Whether the blocks have squeeze-and-excitation.</param>
/// <param name="Activation">Activation after the expanding and the depthwise convolution.</param>
public sealed record StageDefinition(
    string Name,
    ImmutableArray<int> Widths,
    ImmutableArray<int> Depths,
    ImmutableArray<int> Kernels,
    ImmutableArray<int> Expansions,
    int Stride,
    bool SqueezeExcite,
    Activation Activation)
{
    /// <summary>Whether anything of the stage is elastic; a fixed stage may be left out of an architecture's lists.</summary>
    internal bool IsElastic => Widths.Length > 1 || Depths.Length > 1 || Kernels.Length > 1 || Expansions.Length > 1;
}

/// <summary>
/// The head. Without <see cref="ExpandRatio"/> and <see cref="ExpandWidth"/>: 1×1 convolution to the width with batch
/// norm, global average pooling, linear (BigNAS). With one of them: 1×1 convolution to that width with batch norm,
/// pooling, 1×1 convolution to the head's width without batch norm or bias, linear (AttentiveNAS, once-for-all).
/// </summary>
/// <param name="Widths">Channels before the classifier, ascending.</param>
/// <param name="ExpandRatio">Channels before the pooling, as a multiple of the last stage's width.</param>
/// <param name="ExpandWidth">Channels before the pooling, as a number.</param>
/// <param name="Activation">Activation after each of the convolutions.</param>
public sealed record HeadDefinition(ImmutableArray<int> Widths, int? ExpandRatio, int? ExpandWidth, Activation Activation)
{
    /// <summary>Whether the head has a convolution before and one after the pooling.</summary>
    internal bool HasMix => ExpandRatio is not null || ExpandWidth is not null;
}
