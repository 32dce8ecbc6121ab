using HwNas.Core.Data;
using Google.Protobuf;
using HwNas.Core.Devices.Measurement;
using HwNas.Core.Graphs;
using HwNas.Core.Spaces;
using HwNas.Native.Tests.Support;
using HwNas.Onnx.Export;
using HwNas.Onnx.Runtime;
using HwNas.Supernet.Data;
using HwNas.Supernet.Elastic;
using HwNas.Supernet.Evaluation;
using HwNas.Supernet.Training;
using static global::TorchSharp.torch;
using static HwNas.Native.Tests.Supernet.ReferenceNetworks;

namespace HwNas.Native.Tests.Supernet;

/// <summary>
/// In every built-in space: the tensors' forward pass and its gradients are those of the interpreter in double precision,
/// a sandwich step changes every weight that its subnets have, and a calibrated subnet, its ONNX file and the interpreter agree.
/// </summary>
public sealed class ReferenceTests
{
    public static TheoryData<string> BuiltIn => [.. BuiltInSpaces.Names];

    [Theory]
    [MemberData(nameof(BuiltIn))]
    public void Values_and_gradients_are_those_of_the_reference(string name)
    {
        var space = Small(name);
        using var supernet = Random(space);
        using var scope = NewDisposeScope();
        var plan = space.PlanOf(space.Genomes.Sample(new Random(7)));
        var images = SomeImages(space);
        var logits = supernet.Forward(images, plan);
        var reference = Reference(plan, supernet, images, []);
        AssertClose(reference.SelectMany(image => image), logits.data<float>().ToArray(), 2e-3, plan.Id);

        // The slope of Σ weight · logit along a random direction of all weights, from the gradients and from the reference.
        var random = new Random(5);
        var weights = Enumerable.Range(0, Images * space.Classes).Select(_ => (float)random.NextDouble() - 0.5f).ToArray();
        (logits * tensor(weights).reshape(logits.shape)).sum().backward();
        var direction = SubnetWeights.Names(plan).Where(weight => weight.Spec.IsLearned).ToDictionary(
            weight => weight.Name,
            weight => Enumerable.Range(0, weight.Spec.Elements).Select(_ => random.NextDouble() - 0.5).ToArray());
        var slope = direction.Sum(
            d => d.Value.Zip(Values(Own(supernet.Parameters[d.Key].grad!, plan, d.Key)), (a, b) => a * b).Sum());
        const double Step = 1e-6;
        var difference = (Objective(Step) - Objective(-Step)) / (2 * Step);
        Assert.True(
            Math.Abs(slope - difference) <= 0.03 * (Math.Abs(difference) + 0.05), $"{plan.Id}: {slope} instead of {difference}.");
        double Objective(double step) =>
            Reference(plan, supernet, images, direction, step).SelectMany(image => image).Zip(weights, (a, b) => a * b).Sum();
    }

    [Theory]
    [MemberData(nameof(BuiltIn))]
    public void A_sandwich_step_trains_and_calibrated_subnets_are_the_reference_in_tensors_and_in_ONNX(string name)
    {
        var space = Small(name);
        using var supernet = Random(space);
        var before = supernet.Parameters.ToDictionary(p => p.Key, p => p.Value.data<float>().ToArray());
        using (NewDisposeScope())
        {
            using var sandwich = new SandwichStep(supernet, Some.Options(steps: 1));
            sandwich.Run(
                SomeImages(space), SomeLabels(space), space.PlanOf(space.Largest), [space.PlanOf(space.Smallest)], 0.01, seed: 1);
        }

        var moved = supernet.Parameters.Count(p => !p.Value.data<float>().ToArray().SequenceEqual(before[p.Key]));
        Assert.InRange(
            moved,
            SubnetWeights.Names(space.PlanOf(space.Largest)).Count(weight => weight.Spec.IsLearned) / 2,
            supernet.Parameters.Count);
        Assert.Null(supernet.FirstNotFinite());

        var data = SomeData(space, 24);
        var plan = space.PlanOf(space.Genomes.Sample(new Random(9)));
        using var subnet = CalibratedSubnet.Create(supernet, plan, new ImageBatches(data, 12));
        var logits = subnet.Logits(data, 2);
        var inputs = new NetworkInputs(data, plan.Input.Height);
        var values = inputs.Read(0, 2);
        var exact = SubnetWeights.Names(plan)
            .ToDictionary(
                weight => weight.Name, weight => subnet.Weights[weight.Name].Values.Select(value => (double)value).ToArray());
        var expected = ReferenceInterpreter.Run(
            plan, weight => exact[weight],
            [.. values.Chunk(inputs.Length).Select(image => image.Select(value => (double)value).ToArray())]);
        AssertClose(expected.SelectMany(image => image), logits, 1e-3, plan.Id);

        var folded = BatchNormFolding.Fold(subnet.Weights);
        var model = OnnxModelWriter.Network(plan, (node, part) => folded[node.WeightName(part)].Values, batch: 2);
        using var session = OnnxSession.Open(model.ToByteArray(), plan.Id, new RuntimeRequest { Batch = 2 });
        values.CopyTo(session.Input);
        session.Run();
        AssertClose(expected.SelectMany(image => image), session.Output.ToArray(), 1e-3, plan.Id);
    }

    [Fact]
    public void The_largest_network_of_AttentiveNAS_lacks_weights_that_others_need()
    {
        var space = Small("attentive-nas");
        using var supernet = new ElasticSupernet(space, seed: 1);
        var largest = SubnetWeights.Names(space.PlanOf(space.Largest)).Select(weight => weight.Name).ToHashSet();
        Assert.Contains(
            supernet.Parameters.Keys,
            weight => weight.EndsWith("shortcut.weight", StringComparison.Ordinal) && !largest.Contains(weight));
    }
}
