using TorchSharp.Interop;

namespace TorchSharp;

/// <summary>A number given to an operator: an integer, a floating-point number or a truth value.</summary>
public sealed class Scalar : IDisposable
{
    internal readonly ValueKind Kind;
    internal readonly long Bits;

    private Scalar(ValueKind kind, long bits)
    {
        Kind = kind;
        Bits = bits;
    }

    public static implicit operator Scalar(byte value) => (long)value;

    public static implicit operator Scalar(sbyte value) => (long)value;

    public static implicit operator Scalar(short value) => (long)value;

    public static implicit operator Scalar(int value) => (long)value;

    public static implicit operator Scalar(long value) => new(ValueKind.Int, value);

    public static implicit operator Scalar(float value) => (double)value;

    public static implicit operator Scalar(double value) =>
        new(ValueKind.Float, BitConverter.DoubleToInt64Bits(value));

    public static implicit operator Scalar(bool value) => new(ValueKind.Bool, value ? 1 : 0);

    /// <summary>Nothing to free here: the real package's scalars are native objects, this one is managed.</summary>
    public void Dispose()
    {
    }
}
