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
    Device,
    Generator,
}

/// <summary>One argument of a native operator (mirrors <c>Value</c> of native/operators.cpp).</summary>
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

    public static implicit operator Argument(Tensor? tensor) =>
        tensor is null ? None : new(ValueKind.Tensor, tensor.Handle, tensor);

    public static implicit operator Argument(long value) => new(ValueKind.Int, value);

    public static implicit operator Argument(double value) =>
        new(ValueKind.Float, BitConverter.DoubleToInt64Bits(value));

    public static implicit operator Argument(bool value) => new(ValueKind.Bool, value ? 1 : 0);

    public static implicit operator Argument(ScalarType type) => new(ValueKind.Int, (long)type);

    public static implicit operator Argument(Device? device) =>
        device is null ? None : new(ValueKind.Device, (long)device.Type, null, device.Index);

    public static implicit operator Argument(Generator? generator) =>
        generator is null ? None : new(ValueKind.Generator, generator.Handle, generator);

    public static implicit operator Argument(long[] values) => new(ValueKind.Ints, 0, values, values.Length);
}
