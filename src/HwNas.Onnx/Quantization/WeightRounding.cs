using System.Runtime.InteropServices;
using HwNas.Onnx.Export;

namespace HwNas.Onnx.Quantization;

/// <summary>
/// How weights become signed 8-bit integers: symmetric, with a scale for each output channel, the first dimension.
/// </summary>
internal static class WeightRounding
{
    // Sums of products are added to the bias in 32 bits; a bias alone may not fill them.
    private const double MostBias = 1 << 30;

    /// <summary>The scale of each output channel.</summary>
    /// <param name="weights">The weights, row-major.</param>
    /// <param name="biases">The biases of the channels.</param>
    /// <param name="inputScale">What one step of the input is worth.</param>
    public static float[] Scales(float[] weights, float[] biases, float inputScale)
    {
        var scales = Scales(weights, biases.Length);
        for (var channel = 0; channel < scales.Length; channel++)
            scales[channel] = Math.Max(scales[channel], (float)(Math.Abs(biases[channel]) / (MostBias * inputScale)));
        return scales;
    }

    /// <summary>The scale of each output channel, where there is no bias.</summary>
    public static float[] Scales(float[] weights, int channels)
    {
        var scales = new float[channels];
        var size = weights.Length / channels;
        for (var channel = 0; channel < channels; channel++)
        {
            var most = 0f;
            foreach (var value in weights.AsSpan(channel * size, size))
                most = Math.Max(most, Math.Abs(value));
            // A channel of zeros may have any scale but zero.
            scales[channel] = most > 0 ? most / sbyte.MaxValue : 1f / sbyte.MaxValue;
        }

        return scales;
    }

    /// <summary>The integer that stands for a value.</summary>
    public static double Round(double value, float scale, double most) => Math.Clamp(Math.Round(value / scale), -most, most);

    /// <summary>The numbers of a tensor.</summary>
    public static float[] Values(TensorProto tensor) => MemoryMarshal.Cast<byte, float>(tensor.RawData.Span).ToArray();
}
