using HwNas.Core.Graphs;

namespace HwNas.Onnx.Export;

/// <summary>
/// Folds calibrated batch norm into the convolution before it: y = γ (Wx + b − μ) / √(σ² + ε) + β is a convolution
/// with weights sW and bias β + s (b − μ), where s = γ / √(σ² + ε).
/// </summary>
internal static class BatchNormFolding
{
    /// <summary>The weights of a trained subnet, folded; weights without batch norm are passed on without a copy.</summary>
    public static ConvolutionWeightSource Of(SubnetWeights weights) => (layer, conv) =>
    {
        var prefix = $"{layer.Name}.{conv.Role}";
        var weight = weights[$"{prefix}.weight"].Values;
        var bias = conv.Bias ? weights[$"{prefix}.bias"].Values : null;
        return conv.BatchNorm
            ? Fold(weight, bias, Part("weight"), Part("bias"), Part("mean"), Part("variance"))
            : new ConvolutionWeights(weight, bias);

        float[] Part(string name) => weights[$"{prefix}.bn.{name}"].Values;
    };

    /// <summary>Folds one convolution; computed in double, so that the only rounding is that of the result.</summary>
    public static ConvolutionWeights Fold(float[] weight, float[]? bias, float[] gamma, float[] beta, float[] mean, float[] variance)
    {
        var channels = gamma.Length;
        var perChannel = weight.Length / channels;
        var foldedWeight = new float[weight.Length];
        var foldedBias = new float[channels];
        for (var channel = 0; channel < channels; channel++)
        {
            var scale = gamma[channel] / Math.Sqrt(variance[channel] + NetworkPlan.BatchNormEpsilon);
            for (var i = channel * perChannel; i < (channel + 1) * perChannel; i++)
                foldedWeight[i] = (float)(scale * weight[i]);
            foldedBias[channel] = (float)(beta[channel] + (scale * ((bias is null ? 0.0 : bias[channel]) - mean[channel])));
        }

        return new ConvolutionWeights(foldedWeight, foldedBias);
    }
}
