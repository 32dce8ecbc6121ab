namespace HwNas.Core.Networks;

/// <summary>
/// A layer of a network: the block that the runtime really executes, and so the unit of latency tables. Every
/// convolution in it is listed with its shapes; who counts, exports or trains reads them and walks no shape itself.
/// </summary>
/// <param name="Name">Its name in the network, such as <c>stem</c>, <c>mb3.1</c> or <c>head</c>; the prefix of its weights' names.</param>
/// <param name="Input">Shape of its input.</param>
/// <param name="Output">Shape of its output.</param>
public abstract record LayerSpec(string Name, FeatureShape Input, FeatureShape Output)
{
    /// <summary>The convolutions, in order of execution.</summary>
    public abstract IReadOnlyList<ConvSpec> Convolutions { get; }

    /// <summary>Canonical text that two layers share exactly when a runtime runs the same computation for both.</summary>
    public abstract string LatencyKey { get; }

    /// <summary>Bytes of the float activations that are alive at the worst moment, batch 1.</summary>
    public abstract long PeakActivationBytes { get; }
}

/// <summary>The first convolution.</summary>
/// <param name="Name"><inheritdoc/></param>
/// <param name="Input"><inheritdoc/></param>
/// <param name="Output"><inheritdoc/></param>
/// <param name="Conv">The convolution, with batch norm and activation.</param>
public sealed record StemLayer(string Name, FeatureShape Input, FeatureShape Output, ConvSpec Conv) : LayerSpec(Name, Input, Output)
{
    /// <inheritdoc/>
    public override IReadOnlyList<ConvSpec> Convolutions => [Conv];

    /// <inheritdoc/>
    public override string LatencyKey => $"stem-i{Input}-o{Output}-k{Conv.Kernel}-s{Conv.Stride}-{Conv.Activation}";

    /// <inheritdoc/>
    public override long PeakActivationBytes => sizeof(float) * (Input.Elements + Output.Elements);
}

/// <summary>
/// An inverted bottleneck (MobileNetV2, MnasNet): expand 1×1, depthwise k×k, squeeze-and-excitation, project 1×1, and
/// a shortcut around all of it.
/// </summary>
/// <param name="Name"><inheritdoc/></param>
/// <param name="Input"><inheritdoc/></param>
/// <param name="Output"><inheritdoc/></param>
/// <param name="Expand">1×1 to the inner channels; null where the expansion is 1.</param>
/// <param name="Depthwise">The depthwise convolution; it carries the stride.</param>
/// <param name="Squeeze">1×1 on the pooled inner channels; null without squeeze-and-excitation.</param>
/// <param name="Excite">1×1 back to the inner channels, followed by the gate; null like <paramref name="Squeeze"/>.</param>
/// <param name="Project">1×1 to the output channels, batch norm, no activation.</param>
/// <param name="HasShortcut">Whether the input is added to the output.</param>
/// <param name="Shortcut">1×1 convolution on the shortcut where channels change; else null.</param>
public sealed record MBConvLayer(
    string Name,
    FeatureShape Input,
    FeatureShape Output,
    ConvSpec? Expand,
    ConvSpec Depthwise,
    ConvSpec? Squeeze,
    ConvSpec? Excite,
    ConvSpec Project,
    bool HasShortcut,
    ConvSpec? Shortcut) : LayerSpec(Name, Input, Output)
{
    /// <summary>
    /// Whether the shortcut starts with average pooling, 2×2 with stride 2; on odd sides the last window averages the
    /// pixels that exist (ceil mode, padding not counted).
    /// </summary>
    public bool ShortcutPools => HasShortcut && Depthwise.Stride > 1;

    /// <inheritdoc/>
    public override IReadOnlyList<ConvSpec> Convolutions =>
        [.. new[] { Expand, Depthwise, Squeeze, Excite, Project, Shortcut }.OfType<ConvSpec>()];

    /// <inheritdoc/>
    public override string LatencyKey
    {
        get
        {
            var squeeze = Squeeze is null ? "" : $"-se{Squeeze.OutChannels}.{Squeeze.Activation}.{Excite!.Activation}";
            var shortcut = !HasShortcut ? "none" : (ShortcutPools ? "pool" : "") + (Shortcut is null ? "add" : "conv");
            return $"mbconv-i{Input}-o{Output}-m{Depthwise.InChannels}-k{Depthwise.Kernel}-s{Depthwise.Stride}-{Depthwise.Activation}{squeeze}-{shortcut}";
        }
    }

    /// <inheritdoc/>
    public override long PeakActivationBytes
    {
        get
        {
            var kept = HasShortcut ? Input.Elements : 0;
            var inner = (long)Depthwise.OutChannels * Depthwise.OutHeight * Depthwise.OutWidth;
            var expanded = Expand is null ? Input.Elements : (long)Expand.OutChannels * Expand.OutHeight * Expand.OutWidth;
            var expanding = Expand is null ? 0 : Input.Elements + expanded;
            var depthwise = (Expand is null ? 0 : kept) + expanded + inner;
            var projecting = kept + inner + Output.Elements;
            return sizeof(float) * Math.Max(expanding, Math.Max(depthwise, projecting));
        }
    }
}

/// <summary>
/// What follows the stages: 1×1 convolution with batch norm, global average pooling, perhaps another 1×1 convolution
/// without batch norm and bias, linear.
/// </summary>
/// <param name="Name"><inheritdoc/></param>
/// <param name="Input"><inheritdoc/></param>
/// <param name="Output"><inheritdoc/></param>
/// <param name="Conv">1×1 before the pooling.</param>
/// <param name="Mix">1×1 after the pooling; null in heads without one.</param>
/// <param name="Classifier">The linear layer, as a 1×1 convolution on a 1×1 map.</param>
public sealed record HeadLayer(string Name, FeatureShape Input, FeatureShape Output, ConvSpec Conv, ConvSpec? Mix, ConvSpec Classifier)
    : LayerSpec(Name, Input, Output)
{
    /// <inheritdoc/>
    public override IReadOnlyList<ConvSpec> Convolutions => Mix is null ? [Conv, Classifier] : [Conv, Mix, Classifier];

    /// <inheritdoc/>
    public override string LatencyKey => $"head-i{Input}-c{Conv.OutChannels}-{(Mix is null ? "" : $"m{Mix.OutChannels}-")}{Conv.Activation}-o{Output.Channels}";

    /// <inheritdoc/>
    public override long PeakActivationBytes => sizeof(float) * (Input.Elements + ((long)Conv.OutChannels * Input.Height * Input.Width));
}
