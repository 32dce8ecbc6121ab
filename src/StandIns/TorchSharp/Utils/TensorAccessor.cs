using static TorchSharp.torch;

namespace TorchSharp.Utils;

/// <summary>The elements of a CPU tensor in row-major order.</summary>
public sealed unsafe class TensorAccessor<T>
    where T : unmanaged
{
    private readonly Tensor _tensor;

    internal TensorAccessor(Tensor tensor)
    {
        if (tensor.device.type != DeviceType.CPU) throw new InvalidOperationException("Reading data from non-CPU memory is not supported. Move or copy the tensor to the cpu before reading.");
        _tensor = tensor;
    }

    public long Count => _tensor.numel();

    public T[] ToArray()
    {
        var result = new T[Count];
        using var plain = _tensor.contiguous();
        new ReadOnlySpan<T>(plain.DataPointer(), result.Length).CopyTo(result);
        return result;
    }
}
