using Google.Protobuf;
using HwNas.Core.Devices;
using HwNas.Core.Devices.Measurement;
using HwNas.Core.Graphs;
using HwNas.Core.Spaces;
using HwNas.Core.Spaces.MbConv;
using HwNas.Native.Tests.Support;
using HwNas.Onnx.Export;
using HwNas.Onnx.Runtime;

namespace HwNas.Native.Tests.Onnx;

/// <summary>Exported models compute in ONNX Runtime what their plan says, whatever the runtime rewrites.</summary>
public sealed class OnnxModelWriterTests
{
    private const double Tolerance = 2e-4;
    private static readonly WeightSource Weights = RandomWeights.Seeded(7);

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
        foreach (var layer in space.DistinctBlocks())
        {
            AssertIsReference(
                NetworkPlan.Chain(layer.LatencyKey, [layer]), OnnxModelWriter.SingleBlock(layer, Weights, batch: 1), level);
        }
    }

    [Theory]
    [InlineData(GraphLevel.None)]
    [InlineData(GraphLevel.Basic)]
    [InlineData(GraphLevel.Extended)]
    [InlineData(GraphLevel.All)]
    public void Projection_shortcuts_odd_sides_and_heads_with_a_mix_are_the_reference(GraphLevel level)
    {
        var space = Space(Activation.Relu, ShortcutRule.Projection, mix: true);
        var layers = space.DistinctBlocks();
        Assert.Contains(layers, layer => layer.Find("shortcut.pool") is not null && layer.Find("shortcut") is not null);
        Assert.Contains(layers, layer => layer.Find("shortcut.pool") is not null && layer.Find("shortcut") is null);
        Assert.Contains(layers, layer => layer.Find("shortcut.pool") is not null && layer.Inputs[0].Height == 7);
        foreach (var layer in layers)
        {
            AssertIsReference(
                NetworkPlan.Chain(layer.LatencyKey, [layer]), OnnxModelWriter.SingleBlock(layer, Weights, batch: 1), level);
        }
    }

    [Theory]
    [InlineData("fashion-mnist", GraphLevel.None)]
    [InlineData("fashion-mnist", GraphLevel.All)]
    public void Whole_networks_are_the_reference(string name, GraphLevel level)
    {
        var space = MbConvSpace.Load(name);
        var random = new Random(3);
        Genome[] genomes = [space.Smallest, space.Largest, .. Enumerable.Range(0, 6).Select(_ => space.Genomes.Sample(random))];
        foreach (var plan in genomes.Select(space.PlanOf))
        {
            AssertIsReference(plan, OnnxModelWriter.Network(plan, Weights, batch: 1), level);
        }
    }

    [Fact]
    public void Equal_networks_are_equal_files_that_say_what_they_are()
    {
        using var folder = new TemporaryFolder();
        var space = Some.TinySpace();
        var plan = space.PlanOf(space.Smallest);
        var weights = SomeWeights(plan, seed: 1);
        var metadata = Metadata(space, plan);

        OnnxModelWriter.WriteFile(folder.File("a.onnx"), weights, metadata);
        OnnxModelWriter.WriteFile(folder.File("b.onnx"), weights, metadata);

        Assert.Equal(File.ReadAllBytes(folder.File("a.onnx")), File.ReadAllBytes(folder.File("b.onnx")));
        var told = ModelProto.Parser.ParseFrom(File.ReadAllBytes(folder.File("a.onnx"))).MetadataProps
            .ToDictionary(property => property.Key, property => property.Value);
        Assert.Equal(
            (space.Name, space.Hash, plan.Id), (told["hwnas.space"], told["hwnas.space_hash"], told["hwnas.architecture"]));
        Assert.Equal(("12", "10"), (told["hwnas.resolution"], told["hwnas.classes"]));
        Assert.Equal($"{NetworkCost.Of(plan).Macs}", told["hwnas.macs"]);
        Assert.Equal($"{NetworkCost.Of(plan).Params}", told["hwnas.params"]);
        Assert.Equal("0.2860405969887955,0.5", told["hwnas.normalisation_mean"]);
        Assert.Equal("0.3530242445149223,1", told["hwnas.normalisation_deviation"]);
        Assert.Equal(("88.125", "fp32"), (told["hwnas.validation_top1_percent"], told["hwnas.precision"]));
        Assert.Equal("""["T-shirt/top","Schuh, \"rot\""]""", told["hwnas.class_names"]);
        Assert.Equal(2, Directory.GetFiles(folder.Path).Length);
    }

    [Fact]
    public void Logits_do_not_depend_on_the_batch()
    {
        using var folder = new TemporaryFolder();
        var space = Some.TinySpace();
        var plan = space.PlanOf(space.Largest);
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

    private static void AssertIsReference(NetworkPlan plan, ModelProto model, GraphLevel level)
    {
        var random = new Random(11);
        using var session = OnnxSession.Open(model.ToByteArray(), model.Graph.Name, new RuntimeRequest { GraphLevel = level });
        for (var i = 0; i < session.Input.Length; i++)
            session.Input[i] = (2 * random.NextSingle()) - 1;
        var image = session.Input.ToArray().Select(value => (double)value).ToArray();

        session.Run();

        var folded = BatchNormFolding.Fold(plan);
        var weights = folded.Blocks.SelectMany(block => block.Nodes)
            .SelectMany(node => node.Operation.Weights.Select(spec => (
                Name: node.WeightName(spec.Part), Values: Weights(node, spec.Part).Select(value => (double)value).ToArray())))
            .ToDictionary(weight => weight.Name, weight => weight.Values);
        var expected = ReferenceInterpreter.Run(folded, name => weights[name], [image])[0];
        var scale = Math.Max(1, expected.Max(Math.Abs));
        Assert.Equal(expected.Length, session.Output.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(
                Math.Abs(expected[i] - session.Output[i]) <= Tolerance * scale,
                $"{model.Graph.Name} at {level}, value {i}: {session.Output[i]} instead of {expected[i]}.");
        }
    }

    private static MbConvSpace Space(Activation activation, ShortcutRule shortcut, bool mix)
    {
        var tiny = Some.TinySpace(shortcut).Definition;
        var gate = activation is Activation.Sigmoid ? Activation.Sigmoid : Activation.HardSigmoid;
        return MbConvSpace.Create(
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
            weight => new WeightArray(
                weight.Spec.Shape, [.. Enumerable.Range(0, weight.Spec.Elements).Select(_ => 0.2f + random.NextSingle())])));
    }

    private static OnnxModelMetadata Metadata(MbConvSpace space, NetworkPlan plan) => new()
    {
        Space = space.Name,
        SpaceHash = space.Hash,
        Architecture = plan.Id,
        ValidationTop1Percent = 88.125,
        Macs = NetworkCost.Of(plan).Macs,
        Params = NetworkCost.Of(plan).Params,
        Resolution = plan.Input.Height,
        Classes = plan.Classes,
        Normalisation = new Core.Data.Normalisation([0.2860405969887955, 0.5], [0.3530242445149223, 1]),
        ClassNames = """["T-shirt/top","Schuh, \"rot\""]""",
    };
}
