namespace HwNas.Onnx.Quantization;

/// <summary>The values that an activation takes; zero is always among them, so that padding and ReLU stay exact.</summary>
internal readonly record struct ActivationRange
{
    private const float LeastWidth = 1e-6f;

    public ActivationRange(float least, float most)
    {
        Least = Math.Min(least, 0);
        // A range that is a point still needs a scale.
        Most = Math.Max(Math.Max(most, 0), Least + LeastWidth);
    }

    public float Least { get; }

    public float Most { get; }

    /// <summary>What one step of the unsigned 8-bit number is worth.</summary>
    public float Scale => (Most - Least) / byte.MaxValue;

    /// <summary>The number that stands for zero.</summary>
    public byte ZeroPoint => (byte)Math.Clamp(MathF.Round(-Least / Scale), byte.MinValue, byte.MaxValue);
}

/// <summary>Gives the range of a value, by its name and the node that makes it; null for the graph's input.</summary>
internal delegate ActivationRange ActivationRangeSource(string name, string? operation);

/// <summary>Ranges for models that are only timed: what the operation can give, or what normalised values mostly are.</summary>
internal static class TypicalRanges
{
    public static ActivationRange Of(string name, string? operation) => operation switch
    {
        "Relu" => new ActivationRange(0, 6),
        "Sigmoid" or "HardSigmoid" => new ActivationRange(0, 1),
        _ => new ActivationRange(-4, 4),
    };
}
