namespace HwNas.Core.Graphs;

/// <summary>What a network costs on any device, counted from its plan.</summary>
/// <param name="Macs">Multiply-accumulates for one image; convolutions (squeeze-and-excitation and projection shortcuts
/// included) and linear layers.</param>
/// <param name="Params">Weights, biases and the affine pairs of batch norm.</param>
/// <param name="PeakActivationBytes">Bytes of 32-bit activations that are alive at the worst moment, for one image, by
/// <see cref="PeakMemory"/>.</param>
/// <param name="ModelBytes">Bytes of the parameters as 32-bit floats.</param>
public readonly record struct NetworkCost(long Macs, long Params, long PeakActivationBytes, long ModelBytes)
{
    /// <summary>Counts a network.</summary>
    public static NetworkCost Of(NetworkPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var (macs, parameters) = (0L, 0L);
        foreach (var block in plan.Blocks)
        {
            macs += block.Macs;
            parameters += block.Params;
        }

        return new NetworkCost(macs, parameters, PeakMemory.BytesOf(plan), sizeof(float) * parameters);
    }
}
