using System.Collections.Immutable;

namespace HwNas.Core.Devices.Measurement;

/// <summary>A whole network that takes part in a rotation.</summary>
/// <param name="Architecture">The architecture's canonical text.</param>
/// <param name="Layers">The latency keys of its layers, in order.</param>
/// <param name="Calibrates">Whether the scale is fitted on it; otherwise it only judges.</param>
public sealed record RotationNet(string Architecture, ImmutableArray<string> Layers, bool Calibrates);

/// <summary>What a rotation measures, in the order of its models: the null model, the layers, the networks.</summary>
/// <param name="Layers">Latency keys of the layers.</param>
/// <param name="Nets">The networks.</param>
public sealed record RotationPlan(ImmutableArray<string> Layers, ImmutableArray<RotationNet> Nets)
{
    /// <summary>Names of the models, in order.</summary>
    internal IEnumerable<string> ModelNames => [MeasurementJob.NullModel, .. Layers, .. Nets.Select(net => net.Architecture)];
}
