using HwNas.Onnx.Export;

namespace HwNas.Onnx.Quantization;

/// <summary>
/// Rounded weights shift the mean of what a layer gives by (W − round(W)) · E[x]; the bias takes it back (Nagel et al. 2019,
/// arXiv 1906.04721, section 4.2), with the means of the calibration images for E[x].
/// </summary>
internal static class BiasCorrection
{
    /// <summary>The model with corrected biases; the given one stays as it is.</summary>
    /// <param name="model">A float model as <see cref="OnnxModelWriter"/> writes it.</param>
    /// <param name="statistics">What its values are.</param>
    /// <param name="ranges">The ranges that its values will be quantised in.</param>
    /// <param name="keepsFloat">Whether a node is not quantised.</param>
    public static ModelProto Of(
        ModelProto model, ActivationStatistics statistics, ActivationRangeSource ranges, Func<NodeProto, bool> keepsFloat)
    {
        var corrected = model.Clone();
        var constants = corrected.Graph.Initializer.ToDictionary(tensor => tensor.Name);
        foreach (var node in corrected.Graph.Node
            .Where(node => node is { OpType: "Conv" or "Gemm", Input.Count: 3 } && !keepsFloat(node)))
        {
            var (weight, bias) = (constants[node.Input[1]], constants[node.Input[2]]);
            var (weights, biases) = (WeightRounding.Values(weight), WeightRounding.Values(bias));
            var scales = WeightRounding.Scales(weights, biases, ranges(node.Input[0], null).Scale);
            var means = statistics.MeansOf(node.Input[0]);
            var perOutput = weights.Length / biases.Length;
            // Of a convolution in groups, an output sees the channels of its group only.
            var (channelsPerGroup, groups) = ((int)weight.Dims[1], means.Length / (int)weight.Dims[1]);
            var taps = perOutput / channelsPerGroup;
            for (var output = 0; output < biases.Length; output++)
            {
                var firstChannel = output / (biases.Length / groups) * channelsPerGroup;
                var shift = 0.0;
                for (var i = 0; i < perOutput; i++)
                {
                    double exact = weights[(output * perOutput) + i];
                    var rounded = WeightRounding.Round(exact, scales[output], sbyte.MaxValue) * scales[output];
                    shift += (exact - rounded) * means[firstChannel + (i / taps)];
                }

                biases[output] += (float)shift;
            }

            bias.RawData = ArrayBytes<float>.Wrap(biases);
        }

        return corrected;
    }
}
