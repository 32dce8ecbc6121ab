using System.Collections.Immutable;
using HwNas.Core.Devices;
using HwNas.Core.Devices.Measurement;
using HwNas.Core.Spaces;
using HwNas.Core.Spaces.MbConv;

namespace HwNas.Tests.Devices;

/// <summary>A valid profile of a space, whose layers take times that follow from their keys.</summary>
internal static class SomeProfile
{
    public static DeviceProfile Of(MbConvSpace space)
    {
        var device = new DeviceDescription(
            "test-box", "Test box", "Maker", "Chip", "Core 1", ["avx2", "fma"], [new CoreCluster(2, 2500)], 2048, "", "Linux",
            "6.1");
        var runtime = new RuntimeKey
        {
            Name = "onnxruntime",
            Version = "1.29.0",
            Provider = "cpu",
            GraphLevel = GraphLevel.All,
            IntraOpThreads = 1,
            Precision = ModelPrecision.Fp32,
            Batch = 1,
        };
        var reference = new SpaceReference(space.Name, space.Hash);
        var errors = PredictionErrors.Of([(101, 100), (198, 200), (303, 300)]);
        var begin = new DateTimeOffset(2025, 1, 2, 3, 4, 5, TimeSpan.Zero);
        return new DeviceProfile
        {
            ToolVersion = "0.1.0",
            Device = device,
            Runtime = runtime,
            RuntimeDetails = new RuntimeDetails(ImmutableSortedDictionary<string, string>.Empty, Spinning: false, Affinity: ""),
            Space = reference,
            Fingerprint = DeviceProfile.FingerprintOf(device, runtime, reference),
            Conditions = new MeasurementConditions(
                begin, begin.AddSeconds(60), "performance", 2400, 2500, null, null, null, 0.5, 1.5, 1.02),
            Protocol = new MeasurementProtocol(1, 10, 500, 3, "monotonic", 1, TimeSource.Wall, StopReason.Precise, 0.8, -0.3),
            Calibration = new Calibration(OverheadUs: 4, Scale: 1.25, StepUs: 0.5),
            Entries = [.. space.DistinctBlocks().Select(layer => Entry(layer.LatencyKey))],
            Validation = new ProfileValidation(
                0.7, 5.5, errors, HeldOut: null, [new ValidatedNet(space.IdOf(space.Smallest), true, 101, 100, 0.5)]),
            Warnings = [],
        };
    }

    public static double MedianUs(string key) => 10 + (key.Sum(letter => letter) % 97);

    private static LatencyEntry Entry(string key)
    {
        var us = MedianUs(key);
        return new LatencyEntry(key, 500, us, us + 0.25, us + 1.5, us - 0.5, us + 0.5, us - 0.125, []);
    }
}
