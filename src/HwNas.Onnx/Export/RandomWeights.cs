using HwNas.Core.Graphs;

namespace HwNas.Onnx.Export;

/// <summary>
/// Weights for networks that are only timed. Scaled by fan-in (He et al. 2015, arXiv 1502.01852), because values
/// that shrink from layer to layer end as denormal numbers, and those are slow.
/// </summary>
internal static class RandomWeights
{
    /// <summary>
    /// Uniform weights with variance 2 / fan-in; every array depends on the seed, its names and its shape only.
    /// </summary>
    public static WeightSource Seeded(int seed) => (node, part) =>
    {
        var spec = node.Operation.Weights.First(spec => spec.Part == part);
        var random = new Random(unchecked((seed * 397) ^ SeedOf(node.Name, spec)));
        var limit = spec.Shape.Length == 1 ? 0.1f : MathF.Sqrt(6f / (spec.Elements / spec.Shape[0]));
        var values = new float[spec.Elements];
        for (var i = 0; i < values.Length; i++)
            values[i] = limit * ((2f * random.NextSingle()) - 1f);
        return values;
    };

    // Not GetHashCode of a string: that differs from process to process.
    private static int SeedOf(string node, WeightSpec spec)
    {
        var hash = 17;
        foreach (var letter in node + spec.Part)
            hash = unchecked((hash * 31) + letter);
        foreach (var side in spec.Shape)
            hash = unchecked((hash * 31) + side);
        return hash;
    }
}
