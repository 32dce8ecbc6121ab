using HwNas.Core.Graphs;

namespace HwNas.Onnx.Export;

/// <summary>What an exported convolution needs: everything that follows it linearly is folded in.</summary>
/// <param name="Weight">[out, in / groups, kernel, kernel], row-major.</param>
/// <param name="Bias">[out]; null where there is none.</param>
internal sealed record ConvolutionWeights(float[] Weight, float[]? Bias);

/// <summary>Gives the weights of a convolution of a layer.</summary>
internal delegate ConvolutionWeights ConvolutionWeightSource(LayerSpec layer, ConvSpec conv);
