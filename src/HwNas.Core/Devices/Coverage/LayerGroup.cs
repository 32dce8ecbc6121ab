using HwNas.Core.Networks;

namespace HwNas.Core.Devices.Coverage;

/// <summary>
/// Layers that a runtime runs by the same code, so that the time of one says something about another's: the same
/// convolutions with the same kernels, strides and activations, and channels that fill the runtime's blocks alike. A
/// runtime falls back to other code where channels do not fill a block of 16, so nothing is predicted across that.
/// </summary>
internal static class LayerGroup
{
    private const int WholeBlock = 16;
    private const int HalfBlock = 8;

    /// <summary>The name of a layer's group.</summary>
    public static string Of(LayerSpec layer)
    {
        var shortcut = layer is MBConvLayer { HasShortcut: true } block ? (block.ShortcutPools ? "-pool" : "-add") : "";
        return string.Join(' ', layer.Convolutions.Select(Describe).Prepend(layer.GetType().Name + shortcut));
    }

    /// <summary>What the time of a layer is a sum of: a constant, the work of each convolution, the values that are moved.</summary>
    public static double[] TermsOf(LayerSpec layer) =>
        [1, .. layer.Convolutions.Select(conv => conv.Macs / 1e6), MovedValues(layer) / 1e6];

    /// <summary>Values read and written by the convolutions of a layer, for one image.</summary>
    public static double MovedValues(LayerSpec layer) =>
        layer.Input.Elements + layer.Convolutions.Sum(conv => (double)conv.OutChannels * conv.OutHeight * conv.OutWidth);

    // The squeezed channels of squeeze-and-excitation are few, and cost the same however they fill blocks.
    private static string Describe(ConvSpec conv) => conv.Role is "squeeze" or "excite"
        ? $"{conv.Role}-{conv.Activation}"
        : $"{conv.Role}-k{conv.Kernel}-s{conv.Stride}-{conv.Activation}-{Fill(conv.InChannels)}{Fill(conv.OutChannels)}";

    private static char Fill(int channels) => channels % WholeBlock == 0 ? 'w' : channels % HalfBlock == 0 ? 'h' : 'p';
}
