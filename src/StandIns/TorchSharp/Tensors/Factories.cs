using System.Runtime.InteropServices;
using TorchSharp.Interop;

namespace TorchSharp;

// As of the real package, without trailing optional parameters that the product leaves out.
public static partial class torch
{
    public static Tensor empty(long[] size) => Operators.Empty.Call(size, ScalarType.Float32);

    public static Tensor zeros(long size) => Operators.Zeros.Call(new[] { size }, ScalarType.Float32);

    public static Tensor ones(long size) => Operators.Ones.Call(new[] { size }, ScalarType.Float32);

    public static Tensor empty_strided(long[] size, long[] strides, ScalarType? dtype = null, Device? device = null) =>
        Operators.EmptyStrided.Call(size, strides, dtype ?? ScalarType.Float32, Argument.None, device);

    public static Tensor tensor(float[] rawArray) => FromSpan<float>(rawArray, [rawArray.Length]);

    public static Tensor tensor(long[] rawArray) => FromSpan<long>(rawArray, [rawArray.Length]);

    public static Tensor tensor(float[] rawArray, ReadOnlySpan<long> dimensions) => FromSpan<float>(rawArray, dimensions.ToArray());

    private static unsafe Tensor FromSpan<T>(ReadOnlySpan<T> values, long[] shape)
        where T : unmanaged
    {
        var elements = shape.Aggregate(1L, (product, side) => checked(product * side));
        if (elements != values.Length) throw new ArgumentException($"mismatched total size creating a tensor from an array: {values.Length} values for {elements} elements.");
        var result = Operators.Empty.Call(shape, TypeOf(typeof(T)));
        MemoryMarshal.AsBytes(values).CopyTo(new Span<byte>(result.DataPointer(), checked((int)(elements * sizeof(T)))));
        return result;
    }
}
