using global::TorchSharp.Modules;
using static global::TorchSharp.torch;

namespace HwNas.Native.Tests.TorchSharp;

/// <summary>An input of an operator: seeded values in a shape.</summary>
internal sealed record Values(long[] Shape, double[] Elements)
{
    public static Values Random(int seed, params long[] shape)
    {
        var random = new Random(seed);
        return new(shape, [.. Enumerable.Range(0, (int)shape.Aggregate(1L, (product, side) => product * side)).Select(_ => Math.Round((random.NextDouble() * 8) - 4, 2) + 0.003)]);
    }
}

/// <summary>
/// Compares an operator with a plain C# reference in double precision: values directly, gradients with the reference's
/// central differences.
/// </summary>
internal static class OperatorCheck
{
    private const double Step = 1e-5;
    private const double Tolerance = 2e-4;

    public static void Agree(Func<Tensor[], Tensor> op, Func<double[][], double[]> reference, params Values[] inputs)
    {
        using var scope = NewDisposeScope();
        Tensor[] leaves = [.. inputs.Select(input => new Parameter(tensor([.. input.Elements.Select(value => (float)value)], input.Shape)))];
        double[][] points = [.. inputs.Select(input => input.Elements.Select(value => (double)(float)value).ToArray())];

        var output = op(leaves);
        var expected = reference(points);
        Near(expected, output.data<float>().ToArray(), "value");

        // A weighted sum of all outputs, with weights that no symmetry cancels.
        double[] weights = [.. expected.Select((_, i) => Math.Sin(1 + (1.7 * i)))];
        (output.reshape(-1) * tensor([.. weights.Select(weight => (float)weight)])).sum().backward();
        for (var input = 0; input < inputs.Length; input++)
        {
            var point = points[input];
            var slopes = new double[point.Length];
            for (var i = 0; i < point.Length; i++)
            {
                var middle = point[i];
                point[i] = middle + Step;
                var above = Sum(reference(points), weights);
                point[i] = middle - Step;
                slopes[i] = (above - Sum(reference(points), weights)) / (2 * Step);
                point[i] = middle;
            }

            var gradient = leaves[input].grad;
            Assert.NotNull(gradient);
            Near(slopes, gradient.data<float>().ToArray(), $"gradient of input {input}");
        }
    }

    public static void Near(double[] expected, float[] actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        var scale = 1 + expected.Max(Math.Abs);
        for (var i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= Tolerance * scale, $"{what}, element {i}: {actual[i]} instead of {expected[i]}");
    }

    private static double Sum(double[] values, double[] weights) => values.Zip(weights, (value, weight) => value * weight).Sum();
}
