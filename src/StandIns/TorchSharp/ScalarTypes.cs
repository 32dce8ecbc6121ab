namespace TorchSharp;

public static partial class torch
{
    /// <summary>Element types that the product meets, with libtorch's own numbers.</summary>
    public enum ScalarType : sbyte
    {
        Int64 = 4,
        Float32 = 6,
        Bool = 11,
    }

    internal static ScalarType TypeOf(Type type) =>
        type == typeof(float) ? ScalarType.Float32
        : type == typeof(long) ? ScalarType.Int64
        : type == typeof(bool) ? ScalarType.Bool
        : throw new ArgumentException($"Tensors cannot hold elements of type {type}.");
}
