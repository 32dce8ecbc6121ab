using System.Runtime.InteropServices;
using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static Tensor empty(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Made(Operators.Empty.Call(size, dtype ?? float32, Argument.None, device), requires_grad);

    public static Tensor zeros(long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        zeros([size], dtype, device, requires_grad);

    public static Tensor zeros(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Made(Operators.Zeros.Call(size, dtype ?? float32, Argument.None, device), requires_grad);

    public static Tensor ones(long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        ones([size], dtype, device, requires_grad);

    public static Tensor ones(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Made(Operators.Ones.Call(size, dtype ?? float32, Argument.None, device), requires_grad);

    public static Tensor empty_strided(long[] size, long[] strides, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Made(Operators.EmptyStrided.Call(size, strides, dtype ?? float32, Argument.None, device), requires_grad);

    public static Tensor tensor(float[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        FromSpan<float>(rawArray, [rawArray.Length], requires_grad);

    public static Tensor tensor(long[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        FromSpan<long>(rawArray, [rawArray.Length], requires_grad);

    public static Tensor tensor(float[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        FromSpan<float>(rawArray, dimensions.ToArray(), requires_grad);

    private static unsafe Tensor FromSpan<T>(ReadOnlySpan<T> values, long[] shape, bool requiresGrad)
        where T : unmanaged
    {
        var elements = shape.Aggregate(1L, (product, side) => product * side);
        if (elements != values.Length) throw new ArgumentException($"mismatched total size creating a tensor from an array: {values.Length} values for {elements} elements.");
        var result = empty(shape, TypeOf(typeof(T)));
        MemoryMarshal.AsBytes(values).CopyTo(new Span<byte>(result.DataPointer(), checked((int)(elements * sizeof(T)))));
        return Made(result, requiresGrad);
    }

    private static Tensor Made(Tensor tensor, bool requiresGrad) => requiresGrad ? tensor.requires_grad_() : tensor;
}
