using HwNas.Core.Graphs;

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
    public static string Of(Block layer) => string.Join(' ', layer.Nodes.Select(node => Describe(layer, node)));

    /// <summary>
    /// What the time of a layer is a sum of: a constant, the work of each convolution, the values that are moved.
    /// </summary>
    public static double[] TermsOf(Block layer) =>
        [1, .. Working(layer).Select(node => node.Macs / 1e6), MovedValues(layer) / 1e6];

    /// <summary>Values read and written by the convolutions of a layer, for one image.</summary>
    public static double MovedValues(Block layer) =>
        layer.Inputs[0].Elements + Working(layer).Sum(node => (double)node.Output.Elements);

    private static IEnumerable<Node> Working(Block layer) => layer.Nodes.Where(node => node.Macs > 0);

    private static string Describe(Block layer, Node node) => node.Operation switch
    {
        // The squeezed channels of squeeze-and-excitation are few, and cost the same however they fill blocks.
        Convolution
            when node.Output is { Height: 1, Width: 1 } && layer.ShapeOf(node.Inputs[0]) is { Height: 1, Width: 1 } => "vector",
        Convolution convolution =>
            $"conv{(convolution.IsDepthwise ? "dw" : "")}-k{convolution.Kernel}-s{convolution.Stride}-d{convolution.Dilation}"
                + $"-{Fill(convolution.InChannels)}{Fill(convolution.OutChannels)}",
        Linear linear => $"linear-{Fill(linear.InChannels)}",
        BatchNorm => "bn",
        var other => other.ToString(),
    };

    private static char Fill(int channels) => channels % WholeBlock == 0 ? 'w' : channels % HalfBlock == 0 ? 'h' : 'p';
}
