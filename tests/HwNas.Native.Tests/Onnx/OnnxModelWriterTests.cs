using Google.Protobuf;
using HwNas.Core.Devices;
using HwNas.Core.Devices.Measurement;
using HwNas.Core.Networks;
using HwNas.Core.SearchSpaces;
using HwNas.Native.Tests.Support;
using HwNas.Onnx.Export;
using HwNas.Onnx.Runtime;

namespace HwNas.Native.Tests.Onnx;

/// <summary>Exported models compute in ONNX Runtime what their plan says, whatever the runtime rewrites.</summary>
public sealed class OnnxModelWriterTests
{
    private const double Tolerance = 2e-4;
    private static readonly ConvolutionWeightSource Weights = RandomWeights.Seeded(7);

    public static TheoryData<Activation, GraphLevel> ActivationsAtLevels()
    {
        var cases = new TheoryData<Activation, GraphLevel>();
        foreach (var activation in Enum.GetValues<Activation>())
        {
            foreach (var level in Enum.GetValues<GraphLevel>())
                cases.Add(activation, level);
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(ActivationsAtLevels))]
    public void Every_layer_of_a_space_is_the_reference_at_every_level(Activation activation, GraphLevel level)
    {
        var space = Space(activation, ShortcutRule.Identity, mix: false);
        foreach (var layer in LayerCatalog.DistinctLayers(space))
            AssertIsReference([layer], OnnxModelWriter.SingleLayer(layer, Weights, batch: 1), level);
    }

    [Theory]
    [InlineData(GraphLevel.None)]
    [InlineData(GraphLevel.Basic)]
    [InlineData(GraphLevel.Extended)]
    [InlineData(GraphLevel.All)]
    public void Projection_shortcuts_odd_sides_and_heads_with_a_mix_are_the_reference(GraphLevel level)
    {
        var space = Space(Activation.Relu, ShortcutRule.Projection, mix: true);
        var layers = LayerCatalog.DistinctLayers(space);
        Assert.Contains(layers, layer => layer is MBConvLayer { ShortcutPools: true, Shortcut: not null });
        Assert.Contains(layers, layer => layer is MBConvLayer { ShortcutPools: true, Shortcut: null });
        Assert.Contains(layers, layer => layer is MBConvLayer { ShortcutPools: true, Input.Height: 7 });
        foreach (var layer in layers)
            AssertIsReference([layer], OnnxModelWriter.SingleLayer(layer, Weights, batch: 1), level);
    }

    [Theory]
    [InlineData("fashion-mnist", GraphLevel.None)]
    [InlineData("fashion-mnist", GraphLevel.All)]
    public void Whole_networks_are_the_reference(string name, GraphLevel level)
    {
        var space = SearchSpace.Load(name);
        var random = new Random(3);
        Architecture[] architectures = [space.Smallest, space.Largest, .. Enumerable.Range(0, 6).Select(_ => space.Decode(space.Genomes.Sample(random)))];
        foreach (var architecture in architectures)
        {
            var plan = NetworkPlan.Build(space, architecture);
            AssertIsReference(plan.Layers, OnnxModelWriter.Network(plan, Weights, batch: 1), level);
        }
    }

    [Fact]
    public void Batch_norm_is_folded_into_the_convolution_before_it()
    {
        var plan = NetworkPlan.Build(Some.TinySpace(), Some.TinySpace().Largest);
        var weights = SomeWeights(plan, seed: 5);

        var folded = BatchNormFolding.Of(weights);

        foreach (var layer in plan.Layers)
        {
            foreach (var conv in layer.Convolutions.Where(conv => conv.BatchNorm))
            {
                var prefix = $"{layer.Name}.{conv.Role}";
                var (weight, bias) = folded(layer, conv);
                var raw = weights[$"{prefix}.weight"].Values;
                var perChannel = raw.Length / conv.OutChannels;
                for (var channel = 0; channel < conv.OutChannels; channel++)
                {
                    // The unfolded form, on an input of ones: a convolution's response is the sum of its weights.
                    var response = raw.AsSpan(channel * perChannel, perChannel).ToArray().Sum(w => (double)w);
                    var normal = (response - Part("mean")) / Math.Sqrt(Part("variance") + NetworkPlan.BatchNormEpsilon);
                    var expected = (Part("weight") * normal) + Part("bias");
                    var actual = weight.AsSpan(channel * perChannel, perChannel).ToArray().Sum(w => (double)w) + bias![channel];
                    Assert.Equal(expected, actual, 1e-5);

                    double Part(string name) => weights[$"{prefix}.bn.{name}"].Values[channel];
                }
            }
        }
    }

    [Fact]
    public void Equal_networks_are_equal_files_and_metadata_reads_back()
    {
        using var folder = new TemporaryFolder();
        var space = Some.TinySpace();
        var plan = NetworkPlan.Build(space, space.Smallest);
        var weights = SomeWeights(plan, seed: 1);
        var metadata = Metadata(space, plan);

        OnnxModelWriter.WriteFile(folder.File("a.onnx"), weights, metadata);
        OnnxModelWriter.WriteFile(folder.File("b.onnx"), weights, metadata);

        Assert.Equal(File.ReadAllBytes(folder.File("a.onnx")), File.ReadAllBytes(folder.File("b.onnx")));
        using var session = OnnxSession.Open(folder.File("a.onnx"), new RuntimeRequest());
        Assert.Equal(metadata, OnnxModelMetadata.Read(session.Metadata, "a.onnx"));
        Assert.Equal(2, Directory.GetFiles(folder.Path).Length);
    }

    [Fact]
    public void Logits_do_not_depend_on_the_batch()
    {
        using var folder = new TemporaryFolder();
        var space = Some.TinySpace();
        var plan = NetworkPlan.Build(space, space.Largest);
        OnnxModelWriter.WriteFile(folder.File("model.onnx"), SomeWeights(plan, seed: 2), Metadata(space, plan));
        var random = new Random(4);
        var images = Enumerable.Range(0, 7 * (int)plan.Input.Elements).Select(_ => random.NextSingle()).ToArray();

        var logits = new List<float[]>();
        foreach (var batch in new[] { 1, 3, 7, 10 })
        {
            using var session = OnnxSession.Open(folder.File("model.onnx"), new RuntimeRequest { Batch = batch });
            logits.Add(OnnxClassifier.Logits(session, images));
        }

        Assert.All(logits, each => Assert.Equal(7 * plan.Classes, each.Length));
        foreach (var each in logits)
            Assert.All(each.Zip(logits[0]), pair => Assert.Equal(pair.Second, pair.First, 1e-4f));
    }

    private static void AssertIsReference(IReadOnlyList<LayerSpec> layers, ModelProto model, GraphLevel level)
    {
        var random = new Random(11);
        using var session = OnnxSession.Open(model.ToByteArray(), model.Graph.Name, new RuntimeRequest { GraphLevel = level });
        for (var i = 0; i < session.Input.Length; i++)
            session.Input[i] = (2 * random.NextSingle()) - 1;
        var image = session.Input.ToArray().Select(value => (double)value).ToArray();

        session.Run();

        var expected = ReferenceNetwork.Run(layers, Weights, image);
        var scale = Math.Max(1, expected.Max(Math.Abs));
        Assert.Equal(expected.Length, session.Output.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - session.Output[i]) <= Tolerance * scale, $"{model.Graph.Name} at {level}, value {i}: {session.Output[i]} instead of {expected[i]}.");
    }

    private static SearchSpace Space(Activation activation, ShortcutRule shortcut, bool mix)
    {
        var tiny = Some.TinySpace(shortcut).Definition;
        var gate = activation is Activation.Sigmoid ? Activation.Sigmoid : Activation.HardSigmoid;
        return SearchSpace.Create(
            tiny with
            {
                Conventions = tiny.Conventions with { Gate = gate, SqueezeActivation = activation },
                Stem = tiny.Stem with { Activation = activation },
                Stages = [.. tiny.Stages.Select(stage => stage with { Activation = activation })],
                Head = tiny.Head with { Activation = activation, ExpandRatio = mix ? 2 : null },
            },
            "test");
    }

    private static SubnetWeights SomeWeights(NetworkPlan plan, int seed)
    {
        var random = new Random(seed);
        return new SubnetWeights(plan, SubnetWeights.Names(plan).ToDictionary(
            weight => weight.Name,
            weight => new WeightArray(weight.Shape, [.. Enumerable.Range(0, weight.Shape.Aggregate(1, (a, b) => a * b)).Select(_ => 0.2f + random.NextSingle())])));
    }

    private static OnnxModelMetadata Metadata(SearchSpace space, NetworkPlan plan) => new()
    {
        Space = space.Name,
        SpaceHash = space.Hash,
        Architecture = plan.Architecture.Id,
        ValidationTop1Percent = 88.125,
        Macs = NetworkCost.Of(plan).Macs,
        Params = NetworkCost.Of(plan).Params,
        Resolution = plan.Input.Height,
        Classes = plan.Classes,
        Normalisation = new Core.Data.Normalisation(0.2860405969887955, 0.3530242445149223),
    };
}
