using static TorchSharp.torch;

namespace TorchSharp.Utils;

/// <summary>The elements of a CPU tensor in row-major order.</summary>
public sealed class TensorAccessor<T>
    where T : unmanaged
{
    private readonly Tensor _tensor;

    internal TensorAccessor(Tensor tensor) => _tensor = tensor;

    public unsafe T[] ToArray()
    {
        using var plain = _tensor.contiguous();
        return new ReadOnlySpan<T>(plain.DataPointer(), checked((int)plain.Info().Elements)).ToArray();
    }
}
