using HwNas.Core.Devices.Measurement;
using HwNas.Core.Spaces.MbConv;
using HwNas.Native.Tests.Support;
using HwNas.Onnx.Kits;
using HwNas.Onnx.Profiling;

namespace HwNas.Native.Tests.Kits;

/// <summary>A job of a tiny space that is measured in a moment.</summary>
internal static class SomeKit
{
    public static MbConvSpace Space { get; } = Some.TinySpace();

    public static ProfileOptions Options { get; } = new()
    {
        CalibrationNets = 4,
        HeldOutNets = 3,
        Measurement = new MeasurementSettings
        {
            MinPasses = 5,
            MaxPasses = 8,
            MinSeconds = 0.001,
            MaxSeconds = 20,
            LeadUs = 0,
            MinSampleUs = 0,
        },
    };

    public static JobBundle Bundle { get; } = JobWriter.ForSpace(Space, Options);

    public static string Write(TemporaryFolder folder, string name = "kit.zip")
    {
        MeasurementKit.Write(folder.File(name), Bundle);
        return folder.File(name);
    }
}
