using HwNas.Core.Graphs;

namespace HwNas.Tests.Graphs;

/// <summary>Random weights, with positive scales and variances.</summary>
internal static class SomeWeights
{
    public static SubnetWeights Of(NetworkPlan plan, int seed)
    {
        var random = new Random(seed);
        return new SubnetWeights(plan, SubnetWeights.Names(plan).ToDictionary(
            weight => weight.Name,
            weight => new WeightArray(
                weight.Spec.Shape, [.. Enumerable.Range(0, weight.Spec.Elements).Select(_ => Value(weight.Name, weight.Spec))])));

        float Value(string name, WeightSpec spec) => spec.Shape.Length > 1
            ? ((2 * random.NextSingle()) - 1) * MathF.Sqrt(6f * spec.Shape[0] / spec.Elements)
            : name.EndsWith("mean", StringComparison.Ordinal) || name.EndsWith("bias", StringComparison.Ordinal)
            ? random.NextSingle() - 0.5f
            : 0.2f + random.NextSingle();
    }

    public static double[][] Images(NetworkPlan plan, int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count)
            .Select(_ => Enumerable.Range(0, (int)plan.Input.Elements).Select(_ => (2 * random.NextDouble()) - 1).ToArray())];
    }
}
