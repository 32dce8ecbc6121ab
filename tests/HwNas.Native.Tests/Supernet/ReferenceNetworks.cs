using HwNas.Core.Data;
using HwNas.Core.Graphs;
using HwNas.Core.Spaces;
using HwNas.Core.Spaces.MbConv;
using HwNas.Supernet.Data;
using HwNas.Supernet.Elastic;
using static global::TorchSharp.torch;

namespace HwNas.Native.Tests.Supernet;

/// <summary>Small networks of every space, on tensors and in the interpreter in double precision.</summary>
internal static class ReferenceNetworks
{
    public const int Images = 6;

    private const int Side = 32;

    /// <summary>A built-in space at a small side.</summary>
    public static ISearchSpace Small(string name) => SearchSpace.Load(name) is MbConvSpace space
        ? MbConvSpace.Create(space.Definition with { Resolutions = [Side], Classes = 10 }, name)
        : SearchSpace.Load(name);

    /// <summary>Every parameter at random: as initialised, blocks with a shortcut would be the identity.</summary>
    public static ElasticSupernet Random(ISearchSpace space)
    {
        var supernet = new ElasticSupernet(space, seed: 3);
        using var noGradient = no_grad();
        using var generator = new Generator(11);
        foreach (var (name, parameter) in supernet.Parameters.Where(p => p.Value.dim() == 1))
        {
            if (name.EndsWith("weight", StringComparison.Ordinal))
                parameter.uniform_(0.5, 1.0, generator);
            else
                parameter.normal_(0, 0.2, generator);
        }

        return supernet;
    }

    public static Tensor SomeLabels(ISearchSpace space) =>
        tensor(Enumerable.Range(0, Images).Select(i => (long)(i % space.Classes)).ToArray());

    public static Tensor SomeImages(ISearchSpace space) =>
        new ImageBatches(SomeData(space, Images), Images).Batch(0, space.Resolutions[0]).Images;

    public static LabelledImages SomeData(ISearchSpace space, int count)
    {
        var shape = new ImageShape(space.InputChannels, space.Resolutions[0], space.Resolutions[0]);
        var pixels = new byte[count * shape.Bytes];
        new Random(2).NextBytes(pixels);
        double[] ones = [.. Enumerable.Repeat(0.5, space.InputChannels)];
        return new LabelledImages("noise", shape, [.. Enumerable.Range(0, count).Select(i => i % space.Classes)], pixels)
            .With(new Normalisation([.. ones], [.. ones]));
    }

    /// <summary>What the interpreter makes of images with the shared weights, moved along a direction.</summary>
    public static double[][] Reference(
        NetworkPlan plan, ElasticSupernet supernet, Tensor images, Dictionary<string, double[]> direction, double step = 0)
    {
        using var noGradient = no_grad();
        var weights = new Dictionary<string, double[]>();
        foreach (var node in plan.Blocks.SelectMany(block => block.Nodes).Where(node => node.Operation.Params > 0))
        {
            var (weight, bias) = supernet.Weights.Slice(node);
            weights[node.WeightName("weight")] = Values(weight);
            if (bias is not null)
                weights[node.WeightName("bias")] = Values(bias);
        }

        foreach (var (name, values) in direction)
        {
            for (var i = 0; i < values.Length; i++)
                weights[name][i] += step * values[i];
        }

        var pixels = images.contiguous().data<float>().ToArray();
        return ReferenceInterpreter.Run(
            plan, name => weights[name],
            [.. pixels.Chunk(pixels.Length / Images).Select(image => image.Select(value => (double)value).ToArray())],
            isTraining: true);
    }

    /// <summary>The part of a shared parameter, or of its gradient, that a subnet's weight is.</summary>
    public static Tensor Own(Tensor gradient, NetworkPlan plan, string weight)
    {
        foreach (var (dimension, side) in SubnetWeights.Names(plan).First(own => own.Name == weight).Spec.Shape.Index())
        {
            var margin = dimension < 2 ? 0 : (gradient.shape[dimension] - side) / 2;
            gradient = gradient.narrow(dimension, margin, side);
        }

        return gradient;
    }

    public static double[] Values(Tensor tensor) =>
        [.. tensor.detach().contiguous().data<float>().ToArray().Select(value => (double)value)];

    public static void AssertClose(IEnumerable<double> expected, float[] actual, double tolerance, string what)
    {
        var values = expected.ToArray();
        var scale = Math.Max(0.1, values.Max(Math.Abs));
        Assert.Equal(values.Length, actual.Length);
        for (var i = 0; i < values.Length; i++)
        {
            if (!(Math.Abs(values[i] - actual[i]) <= tolerance * scale))
                Assert.Fail($"{what}, value {i}: {actual[i]} instead of {values[i]}.");
        }
    }
}
