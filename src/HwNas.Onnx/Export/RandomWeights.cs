using HwNas.Core.Graphs;

namespace HwNas.Onnx.Export;

/// <summary>
/// Weights for networks that are only timed. Scaled by fan-in (He et al. 2015, arXiv 1502.01852), because values
/// that shrink from layer to layer end as denormal numbers, and those are slow.
/// </summary>
internal static class RandomWeights
{
    /// <summary>Uniform weights with variance 2 / fan-in; every convolution depends on the seed, its role and its shape only.</summary>
    public static ConvolutionWeightSource Seeded(int seed) => (_, conv) =>
    {
        var random = new Random(unchecked((seed * 397) ^ ShapeSeed(conv)));
        var fanIn = conv.InChannels / conv.Groups * conv.Kernel * conv.Kernel;
        var weight = new float[conv.OutChannels * fanIn];
        Fill(weight, MathF.Sqrt(6f / fanIn));
        if (!conv.Bias && !conv.BatchNorm)
            return new ConvolutionWeights(weight, null);
        var bias = new float[conv.OutChannels];
        Fill(bias, 0.1f);
        return new ConvolutionWeights(weight, bias);

        void Fill(float[] values, float limit)
        {
            for (var i = 0; i < values.Length; i++)
                values[i] = limit * ((2f * random.NextSingle()) - 1f);
        }
    };

    // Not GetHashCode of a string: that differs from process to process.
    private static int ShapeSeed(ConvSpec conv)
    {
        var hash = 17;
        foreach (var letter in conv.Role)
            hash = unchecked((hash * 31) + letter);
        foreach (var size in new[] { conv.InChannels, conv.OutChannels, conv.Kernel, conv.Stride, conv.Groups })
            hash = unchecked((hash * 31) + size);
        return hash;
    }
}
