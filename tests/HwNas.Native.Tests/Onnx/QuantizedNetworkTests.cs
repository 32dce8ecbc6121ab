using Google.Protobuf;
using HwNas.Core.Data;
using HwNas.Core.Devices;
using HwNas.Core.Devices.Measurement;
using HwNas.Core.Graphs;
using HwNas.Native.Tests.Support;
using HwNas.Onnx.Export;
using HwNas.Onnx.Quantization;
using HwNas.Onnx.Runtime;
using HwNas.Tests.Graphs;

namespace HwNas.Native.Tests.Onnx;

/// <summary>
/// Quantisation after training: what is observed, what is corrected, what stays in float, and what all of it costs.
/// </summary>
public sealed class QuantizedNetworkTests
{
    private static readonly Func<NodeProto, bool> Nothing = _ => false;

    [Fact]
    public void Ranges_and_means_are_those_of_all_images()
    {
        var graph = new OnnxGraphBuilder("relu");
        var input = graph.Input("in", null, 2, 3, 1);
        graph.RenameLast(graph.Node("Relu", "relu", [input]), "out");
        graph.Output("out", null, 2, 3, 1);
        // Two channels; of the first the values are 0, 1, …, 299, of the second their negatives.
        var images = Enumerable.Range(0, 100)
            .SelectMany(image => Enumerable.Range(0, 6).Select(i => (i < 3 ? 1f : -1f) * ((3 * image) + (i % 3)))).ToArray();
        var statistics = ActivationStatistics.Measure(
            graph.Build(), (first, count) => images[(6 * first)..(6 * (first + count))], 100, threads: 1, CancellationToken.None);
        Assert.Equal(new ActivationRange(-299, 299), statistics.RangeOf("in", 1));
        Assert.Equal(new ActivationRange(0, 299), statistics.RangeOf("out", 1));
        Assert.Equal([149.5, -149.5], statistics.MeansOf("in"));
        Assert.Equal([149.5, 0], statistics.MeansOf("out"));
        // A tenth of all values is left out, half of it at each end.
        var inner = statistics.RangeOf("in", 0.9);
        Assert.InRange(inner.Least, -270.5f, -268.5f);
        Assert.InRange(inner.Most, 268.5f, 270.5f);
        Assert.Equal(0, statistics.RangeOf("out", 0.9).Least);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void A_corrected_bias_takes_back_what_rounding_the_weights_moved(int groups)
    {
        var random = new Random(3);
        float[] weights = [.. Enumerable.Range(0, 8 * 8 / groups).Select(_ => random.NextSingle() - 0.3f)];
        var graph = new OnnxGraphBuilder("conv");
        var input = graph.Input("in", null, 8, 1, 1);
        graph.Node(
            "Conv", "out", [input, graph.Constant("w", weights, 8, 8 / groups, 1, 1), graph.Constant("b", new float[8], 8)],
            OnnxGraphBuilder.Int("group", groups));
        graph.Output("out", null, 8, 1, 1);
        var model = graph.Build();
        float[] images = [.. Enumerable.Range(0, 200 * 8).Select(i => (i % 8) + random.NextSingle())];
        var statistics = ActivationStatistics.Measure(
            model, (first, count) => images[(8 * first)..(8 * (first + count))], 200, threads: 1, CancellationToken.None);
        ActivationRange RangeOf(string value, string? operation) => statistics.RangeOf(value, 1);

        var exact = Means(model);
        var moved = Distance(Means(RoundedWeights(model)));
        var corrected = Distance(Means(RoundedWeights(BiasCorrection.Of(model, statistics, RangeOf, Nothing))));
        Assert.True(moved > 1e-3, $"{moved}");
        Assert.True(corrected < 1e-4, $"{corrected} of {moved}");

        double Distance(double[] means) => exact.Zip(means, (a, b) => Math.Abs(a - b)).Max();

        double[] Means(ModelProto of)
        {
            using var session = OnnxSession.Open(of.ToByteArray(), "conv", new RuntimeRequest { Batch = 200 });
            var outputs = OnnxClassifier.Logits(session, images);
            return
            [
                .. Enumerable.Range(0, 8).Select(channel => outputs.Where((_, i) => i % 8 == channel).Average(x => (double)x)),
            ];
        }

        // The float model with the weights that integers stand for: nothing but their rounding is left.
        ModelProto RoundedWeights(ModelProto of)
        {
            var rounded = of.Clone();
            var weight = rounded.Graph.Initializer.Single(tensor => tensor.Name == "w");
            var scales = WeightRounding.Scales(weights, new float[8], RangeOf("in", null).Scale);
            weight.RawData = ArrayBytes<float>.Wrap(
                [.. weights.Select((w, i) =>
                {
                    var scale = scales[i / (8 / groups)];
                    return (float)(WeightRounding.Round(w, scale, sbyte.MaxValue) * scale);
                })]);
            return rounded;
        }
    }

    [Fact]
    public void A_bias_beyond_32_bits_of_tiny_weights_is_kept()
    {
        var scales = WeightRounding.Scales([1e-12f, 1f], [5f, 5f], inputScale: 0.01f);
        Assert.All(scales, scale => Assert.InRange(5 / (scale * 0.01), 0, int.MaxValue));
        Assert.Equal(1f / 127, scales[1]);
    }

    [Fact]
    public void A_network_is_quantised_judged_and_kept_in_float_where_that_is_asked_for()
    {
        var (weights, images) = SomeNetwork();
        var bearable = Create(weights, images, new QuantizationOptions { CalibrationImages = 40, MaxLossPoints = 100 });
        var report = bearable.Report;
        Assert.Equal((100.0, 120, 0), (report.Fp32Top1Percent, report.Images, report.FloatLayers));
        Assert.Equal(report.LossPoints, report.Fp32Top1Percent - report.Top1Percent, 1e-9);
        Assert.InRange(report.LossPoints, 0, 25);
        Assert.Equal(
            weights.Plan.Blocks.Sum(block => block.Nodes.Count(node => node.Operation is Convolution or Linear)), report.Layers);

        var exact = Create(weights, images, new QuantizationOptions { CalibrationImages = 40, MaxLossPoints = 0 });
        Assert.Equal(0, exact.Report.LossPoints);
        Assert.Equal(report.LossPoints > 0, exact.Report.FloatLayers > 0);

        // Models of int8 keep the rules, are smaller, and run at every level.
        foreach (var form in (ModelForm[])
            [
                new() { Precision = ModelPrecision.Int8 },
                new() { Precision = ModelPrecision.Int8, Opset = 21, Pixels = new PixelInput(PixelLayout.Nhwc, 28, 28) },
            ])
        {
            var model = exact.Model(Metadata(weights, form));
            OnnxRules.AssertKept(model);
            var logits = new List<float[]>();
            foreach (var level in Enum.GetValues<GraphLevel>())
            {
                using var session = OnnxSession.Open(
                    model.ToByteArray(), "int8", new RuntimeRequest { Batch = 40, GraphLevel = level });
                logits.Add(OnnxClassifier.Logits(
                    session,
                    form.Pixels?.Read(images, 0, 40) ?? new NetworkInputs(images, weights.Plan.Input.Height).Read(0, 40)));
            }

            var spread = logits[0].Max() - logits[0].Min();
            foreach (var each in logits)
                Assert.All(each.Zip(logits[0]), pair => Assert.Equal(pair.Second, pair.First, 0.1f * spread));
        }

        var integers = bearable.Model(Metadata(weights, new ModelForm { Precision = ModelPrecision.Int8 })).Graph.Initializer
            .Where(tensor => tensor.Name.EndsWith(".integers", StringComparison.Ordinal)).Sum(tensor => tensor.RawData.Length);
        var floats = OnnxModelWriter.Network(weights, new ModelForm()).Graph.Initializer.Sum(tensor => tensor.RawData.Length);
        Assert.True(2 * integers < floats, $"{integers} of {floats} bytes");
    }

    [Fact]
    public void With_every_block_in_float_nothing_changes()
    {
        var (weights, images) = SomeNetwork();
        var model = OnnxModelWriter.Network(weights, new ModelForm());
        var kept = QdqModel.Of(model, TypicalRanges.Of, _ => true);
        Assert.Equal(Run(model), Run(kept));

        float[] Run(ModelProto of)
        {
            using var session = OnnxSession.Open(of.ToByteArray(), "kept", new RuntimeRequest { Batch = 10 });
            return OnnxClassifier.Logits(session, new NetworkInputs(images, weights.Plan.Input.Height).Read(0, 10));
        }
    }

    private static QuantizedNetwork Create(SubnetWeights weights, LabelledImages images, QuantizationOptions options) =>
        QuantizedNetwork.Create(weights, images, images, options, CancellationToken.None);

    private static OnnxModelMetadata Metadata(SubnetWeights weights, ModelForm form) => new()
    {
        Space = "test", SpaceHash = "s", Architecture = weights.Plan.Id, Macs = 1, Params = 1,
        Resolution = weights.Plan.Input.Height, Classes = weights.Plan.Classes, Normalisation = new([0.2], [0.25]), Form = form,
    };

    // A network, and images that are labelled by it: its accuracy is 100 %.
    private static (SubnetWeights Weights, LabelledImages Images) SomeNetwork()
    {
        var space = Some.TinySpace();
        var plan = space.PlanOf(space.Largest);
        var weights = SomeWeights.Of(plan, seed: 6);
        var images = Some.Images(120);
        using var session = OnnxSession.Open(
            OnnxModelWriter.Network(weights, new ModelForm()).ToByteArray(), "fp32", new RuntimeRequest { Batch = 120 });
        var logits = OnnxClassifier.Logits(session, new NetworkInputs(images, plan.Input.Height).Read(0, 120));
        var pixels = new byte[120 * images.Shape.Bytes];
        for (var i = 0; i < 120; i++)
            images.Read(i, pixels.AsSpan(i * images.Shape.Bytes, images.Shape.Bytes));
        return (weights, new LabelledImages(
            "bars", images.Shape, [.. OnnxClassifier.Classes(logits, plan.Classes)], pixels).With(images.Normalisation));
    }
}
