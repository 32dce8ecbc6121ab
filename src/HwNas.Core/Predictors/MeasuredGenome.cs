using HwNas.Core.Spaces;

namespace HwNas.Core.Predictors;

/// <summary>A genome with its measured accuracy and its MACs.</summary>
/// <param name="Genome">The genome.</param>
/// <param name="Top1Percent">Measured top-1, in percent.</param>
/// <param name="Macs">Multiply-accumulates for one image.</param>
public sealed record MeasuredGenome(Genome Genome, double Top1Percent, long Macs);
