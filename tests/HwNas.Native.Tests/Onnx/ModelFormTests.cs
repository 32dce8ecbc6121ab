using System.Globalization;
using Google.Protobuf;
using HwNas.Core;
using HwNas.Core.Data;
using HwNas.Core.Devices;
using HwNas.Core.Devices.Measurement;
using HwNas.Core.Graphs;
using HwNas.Core.Spaces;
using HwNas.Core.Spaces.MbConv;
using HwNas.Native.Tests.Support;
using HwNas.Native.Tests.Supernet;
using HwNas.Onnx.Export;
using HwNas.Onnx.Runtime;
using HwNas.Tests.Graphs;
using Microsoft.ML.OnnxRuntime;

namespace HwNas.Native.Tests.Onnx;

/// <summary>
/// Models of every form keep ONNX's rules and compute what the plain form does, however far the runtime rewrites them.
/// </summary>
public sealed class ModelFormTests
{
    private static readonly Normalisation Grey = new([0.2], [0.25]);

    public static TheoryData<string> BuiltIn => [.. BuiltInSpaces.Names];

    [Theory]
    [MemberData(nameof(BuiltIn))]
    public void The_newest_opset_gives_what_the_oldest_gives_in_every_space(string name) =>
        AssertOpsetsAgree(ReferenceNetworks.Small(name), [ModelForm.GreatestOpset]);

    [Theory]
    [InlineData("fashion-mnist")]
    [InlineData("nas-bench-201")]
    public void All_opsets_between_agree_too(string name) =>
        AssertOpsetsAgree(
            SearchSpace.Load(name),
            Enumerable.Range(ModelForm.LeastOpset, ModelForm.GreatestOpset - ModelForm.LeastOpset + 1));

    [Fact]
    public void An_opset_that_is_too_old_or_not_there_yet_is_refused()
    {
        Assert.Throws<InputException>(() => new ModelForm { Opset = ModelForm.LeastOpset - 1 }.Check());
        Assert.Throws<InputException>(() => new ModelForm { Opset = ModelForm.GreatestOpset + 1 }.Check());
    }

    [Theory]
    [InlineData(PixelLayout.Nchw, 1, 14, 14)]
    [InlineData(PixelLayout.Nhwc, 1, 14, 14)]
    [InlineData(PixelLayout.Nchw, 3, 20, 17)]
    [InlineData(PixelLayout.Nhwc, 3, 20, 17)]
    [InlineData(PixelLayout.Nhwc, 3, 10, 14)]
    public void Bytes_are_normalised_and_resized_as_in_training(PixelLayout layout, int channels, int height, int width)
    {
        var space = MbConvSpace.Create(Some.TinySpace().Definition with { InputChannels = channels, Resolutions = [14] }, "test");
        var plan = space.PlanOf(space.Largest);
        var weights = SomeWeights.Of(plan, seed: 2);
        var normalisation = new Normalisation(
            [.. Enumerable.Range(1, channels).Select(c => 0.1 * c)], [.. Enumerable.Range(1, channels).Select(c => 0.2 * c)]);
        var shape = new ImageShape(channels, height, width);
        var bytes = new byte[4 * shape.Bytes];
        new Random(7).NextBytes(bytes);
        var images = new LabelledImages("noise", shape, [0, 1, 2, 3], bytes).With(normalisation);
        var pixels = new PixelInput(layout, height, width);

        var expected = Run(
            Model(weights, new ModelForm(), normalisation), new NetworkInputs(images, 14).Read(0, 4), GraphLevel.All);
        foreach (var level in Enum.GetValues<GraphLevel>())
        {
            foreach (var precision in (ModelPrecision[])[ModelPrecision.Fp32, ModelPrecision.Fp16])
            {
                var form = new ModelForm { Pixels = pixels, Precision = precision };
                AssertClose(
                    expected, Run(Model(weights, form, normalisation), pixels.Read(images, 0, 4), level),
                    precision == ModelPrecision.Fp32 ? 1e-4 : 0.02);
            }
        }
    }

    [Fact]
    public void Probabilities_are_the_softmax_of_the_logits()
    {
        var plan = Plan();
        var (weights, images) = (SomeWeights.Of(plan, seed: 3), Images(plan));
        var logits = Run(Model(weights, new ModelForm()), images, GraphLevel.All);
        foreach (var level in Enum.GetValues<GraphLevel>())
        {
            var probabilities = Run(Model(weights, new ModelForm { Output = ModelOutput.Probabilities }), images, level);
            AssertClose([.. logits.Chunk(plan.Classes).SelectMany(OnnxClassifier.Softmax)], probabilities, 1e-4);
            Assert.All(probabilities.Chunk(plan.Classes), image => Assert.Equal(1, image.Sum(), 1e-4f));
        }
    }

    [Theory]
    [InlineData("fashion-mnist")]
    [InlineData("nas-bench-201")]
    [InlineData("ofa-mobilenetv3")]
    public void Halves_are_near_and_take_half_the_place(string name)
    {
        var space = ReferenceNetworks.Small(name);
        var plan = space.PlanOf(space.Genomes.Sample(new Random(8)));
        var (weights, images) = (SomeWeights.Of(plan, seed: 4), Images(plan));
        var (whole, half) = (Model(weights, new ModelForm()), Model(weights, new ModelForm { Precision = ModelPrecision.Fp16 }));
        foreach (var level in Enum.GetValues<GraphLevel>())
            AssertClose(Run(whole, images, level), Run(half, images, level), 0.05);
        Assert.Equal(
            whole.Graph.Initializer.Sum(tensor => tensor.RawData.Length),
            2 * half.Graph.Initializer.Sum(tensor => tensor.RawData.Length));
    }

    [Fact]
    public void A_weight_that_16_bits_do_not_hold_is_refused()
    {
        var graph = new OnnxGraphBuilder("large");
        graph.Node("Add", "out", [graph.Input("in", 1, 1), graph.Constant("w", [1e6f], 1, 1)]);
        graph.Output("out", 1, 1);
        var error = Assert.Throws<InputException>(() => HalfModel.Of(graph.Build()));
        Assert.Contains("'w'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fashion-mnist")]
    [InlineData("nas-bench-201")]
    public void The_outputs_of_a_backbone_are_the_maps_of_its_strides(string name)
    {
        var space = ReferenceNetworks.Small(name);
        var plan = space.PlanOf(space.Genomes.Sample(new Random(9)));
        var weights = SomeWeights.Of(plan, seed: 5);
        var taps = Backbone.Of(plan).Taps;
        var images = Images(plan)[..(int)plan.Input.Elements];
        var exact = SubnetWeights.Names(plan).ToDictionary(
            weight => weight.Name, weight => weights[weight.Name].Values.Select(value => (double)value).ToArray());
        var expected = taps.Keys.Select(value => ReferenceInterpreter.Run(
            new NetworkPlan(plan.Id, plan.Input, plan.Blocks[..value], plan.Wiring[..value]), weight => exact[weight],
            [[.. images.Select(pixel => (double)pixel)]])[0]).ToList();
        foreach (var level in (GraphOptimizationLevel[])
            [
                GraphOptimizationLevel.ORT_DISABLE_ALL, GraphOptimizationLevel.ORT_ENABLE_BASIC,
                GraphOptimizationLevel.ORT_ENABLE_EXTENDED, GraphOptimizationLevel.ORT_ENABLE_ALL,
            ])
        {
            foreach (var (precision, tolerance) in ((ModelPrecision, double)[])
                [(ModelPrecision.Fp32, 1e-3), (ModelPrecision.Fp16, 0.05)])
            {
                var model = Model(weights, new ModelForm { Output = ModelOutput.Features, Precision = precision });
                using var options = new SessionOptions { GraphOptimizationLevel = level };
                using var session = new InferenceSession(model.ToByteArray(), options);
                using var image = OrtValue.CreateTensorValueFromMemory(
                    images, [1, plan.Input.Channels, plan.Input.Height, plan.Input.Width]);
                using var run = new RunOptions();
                using var outputs = session.Run(run, [OnnxModelWriter.InputName], [image], session.OutputNames);
                Assert.Equal(taps.Values.Select(tap => tap.Name), session.OutputNames);
                foreach (var (index, tap) in taps.Values.Index())
                {
                    Assert.Equal([1, tap.Channels, tap.Height, tap.Width], outputs[index].GetTensorTypeAndShape().Shape);
                    AssertClose(
                        [.. expected[index].Select(number => (float)number)],
                        outputs[index].GetTensorDataAsSpan<float>().ToArray(), tolerance);
                }
            }
        }
    }

    [Fact]
    public void A_model_for_one_image_says_so()
    {
        var plan = Plan();
        var model = Model(SomeWeights.Of(plan, seed: 6), new ModelForm { DynamicBatch = false });
        Assert.Equal(1, model.Graph.Input[0].Type.TensorType.Shape.Dim[0].DimValue);
        Assert.Equal(1, model.Graph.Output[0].Type.TensorType.Shape.Dim[0].DimValue);
        var error = Assert.Throws<InputException>(
            () => OnnxSession.Open(model.ToByteArray(), "one", new RuntimeRequest { Batch = 2 }));
        Assert.Contains("batch size 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_tell_stage_and_block_and_metadata_tell_the_rest()
    {
        var plan = Plan();
        var model = Model(
            SomeWeights.Of(plan, seed: 7), new ModelForm { Pixels = new PixelInput(PixelLayout.Nhwc, 28, 28) });
        Assert.Contains(model.Graph.Node, node => node.Name == "mb2.0.depthwise");
        Assert.Contains(model.Graph.Initializer, tensor => tensor.Name == "mb2.0.depthwise.weight");
        var told = model.MetadataProps.ToDictionary(property => property.Key, property => property.Value);
        Assert.Equal("uint8 nhwc, normalised and resized inside", told["hwnas.input"]);
        Assert.Equal(("logits", "fp32", "w", "d"), (
            told["hwnas.output"], told["hwnas.precision"], told["hwnas.supernet_hash"], told["hwnas.data_hash"]));
        var interval = told["hwnas.validation_top1_95_percent_interval"].Split(',')
            .Select(end => double.Parse(end, CultureInfo.InvariantCulture)).ToArray();
        Assert.Equal(88.04, interval[0], 1e-9);
        Assert.Equal(91.96, interval[1], 1e-9);
        var backbone = Model(SomeWeights.Of(plan, seed: 7), new ModelForm { Output = ModelOutput.Features });
        Assert.Contains(
            "\"name\":\"stride4\"", backbone.MetadataProps.Single(property => property.Key == "hwnas.taps").Value,
            StringComparison.Ordinal);
    }

    private static void AssertOpsetsAgree(ISearchSpace space, IEnumerable<int> opsets)
    {
        var plan = space.PlanOf(space.Genomes.Sample(new Random(5)));
        var (weights, images) = (SomeWeights.Of(plan, seed: 1), Images(plan));
        var oldest = Run(Model(weights, new ModelForm()), images, GraphLevel.All);
        foreach (var opset in opsets)
            AssertClose(oldest, Run(Model(weights, new ModelForm { Opset = opset }), images, GraphLevel.All), 1e-4);
    }

    private static NetworkPlan Plan()
    {
        var space = Some.TinySpace();
        return space.PlanOf(space.Largest);
    }

    private static ModelProto Model(SubnetWeights weights, ModelForm form, Normalisation? normalisation = null)
    {
        var plan = weights.Plan;
        var model = OnnxModelWriter.Model(weights, new OnnxModelMetadata
        {
            Space = "test",
            SpaceHash = "s",
            SupernetHash = "w",
            DataHash = "d",
            Architecture = plan.Id,
            ValidationTop1Percent = 90,
            ValidationStandardErrorPercent = 1,
            Macs = NetworkCost.Of(plan).Macs,
            Params = NetworkCost.Of(plan).Params,
            Resolution = plan.Input.Height,
            Classes = plan.Classes,
            Normalisation = normalisation ?? Grey,
            Form = form,
            Taps = form.IsBackbone ? [.. Backbone.Of(plan).Taps.Values] : [],
        });
        OnnxRules.AssertKept(model);
        return model;
    }

    private static float[] Images(NetworkPlan plan) =>
        [.. SomeWeights.Images(plan, count: 4, seed: 10).SelectMany(image => image).Select(pixel => (float)pixel)];

    private static float[] Run(ModelProto model, float[] images, GraphLevel level)
    {
        using var session = OnnxSession.Open(
            model.ToByteArray(), model.Graph.Name, new RuntimeRequest { Batch = 4, GraphLevel = level });
        return OnnxClassifier.Logits(session, images);
    }

    private static void AssertClose(float[] expected, float[] actual, double tolerance)
    {
        var scale = expected.Max(Math.Abs);
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.InRange(pair.Second - pair.First, -tolerance * scale, tolerance * scale));
    }
}
