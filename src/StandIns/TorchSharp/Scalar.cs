namespace TorchSharp;

/// <summary>A number given to an operator.</summary>
public sealed class Scalar
{
    internal readonly double Value;

    private Scalar(double value) => Value = value;

    public static implicit operator Scalar(double value) => new(value);
}
