using Google.Protobuf;
using HwNas.Core.Devices;
using HwNas.Core.Devices.Measurement;
using HwNas.Core.Graphs;
using HwNas.Core.Spaces;
using HwNas.Core.Spaces.MbConv;
using HwNas.Native.Tests.Support;
using HwNas.Onnx.Export;
using HwNas.Onnx.Profiling;
using HwNas.Onnx.Quantization;
using HwNas.Onnx.Runtime;

namespace HwNas.Native.Tests.Onnx;

/// <summary>Models of 8-bit integers compute nearly what the float models do, in the real runtime.</summary>
public sealed class QdqModelTests
{
    [Theory]
    [InlineData("fashion-mnist")]
    [InlineData("bignas")]
    [InlineData("ofa-mobilenetv3")]
    public void Layers_of_every_kind_agree_with_the_float_model(string name)
    {
        var layers = MbConvSpace.Load(name)
            .DistinctBlocks()
            .DistinctBy(layer => string.Join(' ', layer.Nodes.Select(node => node.Operation is Convolution conv
                ? $"{node.Name} {conv.Kernel} {conv.Stride}"
                : $"{node.Name} {node.Operation}")));
        foreach (var layer in layers)
            AssertClose(OnnxModelWriter.SingleBlock(layer, RandomWeights.Seeded(3), batch: 1), layer.LatencyKey);
    }

    [Theory]
    [InlineData(0f, 6f, 0, 6f / 255)]
    [InlineData(-1f, 2f, 85, 3f / 255)]
    [InlineData(2f, 6f, 0, 6f / 255)]
    [InlineData(-4f, -1f, 255, 4f / 255)]
    public void Zero_is_always_a_number(float least, float most, byte zeroPoint, float scale)
    {
        var range = new ActivationRange(least, most);
        Assert.Equal(zeroPoint, range.ZeroPoint);
        Assert.Equal(scale, range.Scale, 1e-6f);
    }

    [Fact]
    public void A_space_is_profiled_in_int8_under_a_key_of_its_own()
    {
        var space = Some.TinySpace();
        var options = new ProfileOptions
        {
            Runtime = new RuntimeRequest(Precision: ModelPrecision.Int8),
            CalibrationNets = 4,
            HeldOutNets = 3,
            Measurement = new MeasurementSettings
            {
                MinPasses = 5,
                MaxPasses = 8,
                MinSeconds = 0,
                MaxSeconds = 20,
                LeadUs = 0,
                MinSampleUs = 0,
            },
        };
        var int8 = ProfileAssembly.Profile(new JobRunner("box", TimeProvider.System)
            .Run(JobWriter.ForSpace(space, options), null, null, CancellationToken.None));
        Assert.Contains("int8", int8.Runtime.ToString(), StringComparison.Ordinal);
        Assert.Empty(LatencyTable.MissingLayers(int8, space));
        Assert.NotEqual(
            int8.Fingerprint,
            DeviceProfile.FingerprintOf(int8.Device, int8.Runtime with { Precision = ModelPrecision.Fp32 }, int8.Space));
    }

    // Ranges as they really are, so that what remains is the rounding of 8 bits.
    private static void AssertClose(ModelProto model, string name)
    {
        var expected = Run(model, name);
        var least = expected.Min();
        var most = expected.Max();
        var quantized = Run(
            QdqModel.Of(model, (value, operation) => value == OnnxModelWriter.OutputName
                ? new ActivationRange(least, most)
                : TypicalRanges.Of(value, operation)),
            name);
        var error = Math.Sqrt(expected.Zip(quantized, (a, b) => (a - b) * (a - b)).Average());
        var spread = Math.Sqrt(expected.Average(value => value * value));
        Assert.True(error < 0.15 * spread, $"{name}: error {error:F4} beside {spread:F4}");
        Assert.True(error > 0, name);
    }

    private static float[] Run(ModelProto model, string name)
    {
        using var session = OnnxSession.Open(model.ToByteArray(), name, new RuntimeRequest());
        var random = new Random(5);
        foreach (ref var value in session.Input)
            value = (2 * random.NextSingle()) - 1;
        session.Run();
        return session.Output.ToArray();
    }
}
