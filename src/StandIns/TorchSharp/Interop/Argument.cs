using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Interop;

/// <summary>The kinds of values that cross the border (mirrors <c>Kind</c> of native/operators.cpp).</summary>
internal enum ValueKind
{
    None,
    Tensor,
    Int,
    Float,
    Bool,
    Ints,
    Floats,
    Tensors,
    MaybeTensors,
    Device,
    Generator,
}

/// <summary>One argument or result of a native operator (mirrors <c>Value</c> of native/operators.cpp).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeValue
{
    internal ValueKind Kind;
    internal int Length;
    internal long Bits;
}

/// <summary>One argument of an operator on the managed side; converts from every type that the API takes.</summary>
internal readonly struct Argument
{
    internal readonly ValueKind Kind;
    internal readonly int Length;
    internal readonly long Bits;
    internal readonly object? Reference;

    private Argument(ValueKind kind, long bits = 0, object? reference = null, int length = 0)
    {
        Kind = kind;
        Bits = bits;
        Reference = reference;
        Length = length;
    }

    internal static Argument None => default;

    internal bool IsList => Kind is >= ValueKind.Ints and <= ValueKind.MaybeTensors;

    internal static Argument Maybe(Tensor?[] tensors) => new(ValueKind.MaybeTensors, 0, tensors, tensors.Length);

    public static implicit operator Argument(Tensor? tensor) =>
        tensor is null ? None : new(ValueKind.Tensor, tensor.Handle, tensor);

    public static implicit operator Argument(int value) => new(ValueKind.Int, value);

    public static implicit operator Argument(long value) => new(ValueKind.Int, value);

    public static implicit operator Argument(long? value) => value is { } number ? number : None;

    public static implicit operator Argument(double value) =>
        new(ValueKind.Float, BitConverter.DoubleToInt64Bits(value));

    public static implicit operator Argument(bool value) => new(ValueKind.Bool, value ? 1 : 0);

    public static implicit operator Argument(bool? value) => value is { } flag ? flag : None;

    public static implicit operator Argument(Scalar? value) => value is null ? None : new(value.Kind, value.Bits);

    public static implicit operator Argument(ScalarType type) => new(ValueKind.Int, (long)type);

    public static implicit operator Argument(ScalarType? type) => type is { } known ? known : None;

    public static implicit operator Argument(Device? device) =>
        device is null ? None : new(ValueKind.Device, (long)device.type, null, device.index);

    public static implicit operator Argument(Generator? generator) =>
        generator is null ? None : new(ValueKind.Generator, generator.Handle, generator);

    public static implicit operator Argument(long[]? values) =>
        values is null ? None : new(ValueKind.Ints, 0, values, values.Length);

    public static implicit operator Argument(double[]? values) =>
        values is null ? None : new(ValueKind.Floats, 0, values, values.Length);

    public static implicit operator Argument(Tensor[] tensors) => new(ValueKind.Tensors, 0, tensors, tensors.Length);

    /// <summary>Writes the elements of a list argument where the native side will read them.</summary>
    internal void CopyListTo(Span<long> target)
    {
        switch (Reference)
        {
            case long[] values:
                values.CopyTo(target);
                break;
            case double[] values:
                MemoryMarshal.Cast<double, long>(values).CopyTo(target);
                break;
            case Tensor?[] tensors:
                for (var i = 0; i < tensors.Length; i++) target[i] = tensors[i]?.Handle ?? 0;
                break;
        }
    }
}
