namespace HwNas.Core.Networks;

/// <summary>
/// One convolution, or the classifier as a 1×1 convolution on a 1×1 map, with what is fused to it. Padding is
/// kernel / 2 on every side.
/// </summary>
/// <param name="Role">Its name within the layer: <c>conv</c>, <c>expand</c>, <c>depthwise</c>, <c>squeeze</c>,
/// <c>excite</c>, <c>project</c>, <c>shortcut</c>, <c>mix</c> or <c>classifier</c>.</param>
/// <param name="InChannels">Input channels.</param>
/// <param name="OutChannels">Output channels.</param>
/// <param name="Kernel">Side of the kernel, odd.</param>
/// <param name="Stride">Stride in both directions.</param>
/// <param name="Groups">1, or the number of channels for a depthwise convolution.</param>
/// <param name="OutHeight">Rows of the output.</param>
/// <param name="OutWidth">Columns of the output.</param>
/// <param name="Bias">Whether it has a bias of its own.</param>
/// <param name="BatchNorm">Whether batch norm follows.</param>
/// <param name="Activation">The activation that follows.</param>
public sealed record ConvSpec(
    string Role,
    int InChannels,
    int OutChannels,
    int Kernel,
    int Stride,
    int Groups,
    int OutHeight,
    int OutWidth,
    bool Bias,
    bool BatchNorm,
    Activation Activation)
{
    /// <summary>Multiply-accumulates for one image (1 MAC = 1 FLOP, as the field counts).</summary>
    public long Macs => Weights * OutHeight * OutWidth;

    /// <summary>Parameters: weights, bias, and the affine pair of the batch norm.</summary>
    public long Params => Weights + (Bias ? OutChannels : 0) + (BatchNorm ? 2L * OutChannels : 0);

    private long Weights => (long)OutChannels * (InChannels / Groups) * Kernel * Kernel;
}
