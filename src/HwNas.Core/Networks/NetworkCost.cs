namespace HwNas.Core.Networks;

/// <summary>What a network costs on any device, counted from its plan.</summary>
/// <param name="Macs">Multiply-accumulates for one image; convolutions (squeeze-and-excitation and projection shortcuts included) and linear layers.</param>
/// <param name="Params">Weights, biases and the affine pairs of batch norm.</param>
/// <param name="PeakActivationBytes">Bytes of float activations alive at the worst moment, batch 1, layers run one after the other.</param>
/// <param name="ModelBytes">Bytes of the parameters as 32-bit floats.</param>
public readonly record struct NetworkCost(long Macs, long Params, long PeakActivationBytes, long ModelBytes)
{
    /// <summary>Counts a network.</summary>
    public static NetworkCost Of(NetworkPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return Of(plan.Layers.AsSpan());
    }

    /// <summary>Counts some layers.</summary>
    internal static NetworkCost Of(ReadOnlySpan<LayerSpec> layers)
    {
        var (macs, parameters, peak) = (0L, 0L, 0L);
        foreach (var layer in layers)
        {
            foreach (var conv in layer.Convolutions)
            {
                macs += conv.Macs;
                parameters += conv.Params;
            }

            peak = Math.Max(peak, layer.PeakActivationBytes);
        }

        return new NetworkCost(macs, parameters, peak, sizeof(float) * parameters);
    }
}
