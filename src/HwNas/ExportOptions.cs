using System.Collections.Immutable;
using HwNas.Core.Devices;
using HwNas.Onnx.Export;
using HwNas.Onnx.Quantization;

namespace HwNas;

/// <summary>How subnets are exported.</summary>
public sealed record ExportOptions
{
    /// <summary>In what form; by itself logits from normalised floats in fp32.</summary>
    public ModelForm Form { get; init; } = new();

    /// <summary>How they are quantised, where the form is int8.</summary>
    public QuantizationOptions Quantization { get; init; } = new();

    /// <summary>Profiles whose predictions the cards hold beside those of the search; of the form's number format.</summary>
    public ImmutableArray<DeviceProfile> Profiles { get; init; } = [];
}
