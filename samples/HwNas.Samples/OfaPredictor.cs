using System.Collections.Immutable;
using System.IO.Compression;
using System.Text.Json.Nodes;
using HwNas.Core.Files;
using HwNas.Core.Predictors;

namespace HwNas.Samples;

/// <summary>
/// Turns once-for-all's accuracy predictor for MobileNetV3 into a file for <c>hwnas best --predictor</c>: its layers as JSON,
/// such as <c>{"layers":[{"in":128,"out":400,"weight":[…],"bias":[…]},…]}</c>, one-hot inputs and an output between 0 and 1.
/// </summary>
public static class OfaPredictor
{
    private const int Stages = 5, Blocks = 4, Percent = 100;

    /// <summary>Reads the layers, plain or as gzip, and writes the predictor's file.</summary>
    public static void Convert(string from, string to)
    {
        using var file = File.OpenRead(from);
        using Stream text = from.EndsWith(".gz", StringComparison.Ordinal)
            ? new GZipStream(file, CompressionMode.Decompress)
            : file;
        var layers = JsonNode.Parse(text)!["layers"]!.AsArray();
        string[] blocks = [.. Enumerable.Range(0, Stages * Blocks).Select(i => $"mb{1 + (i / Blocks)}.{i % Blocks}")];
        StrictJson.WriteCompactFile(to, new PredictorFile(
            PredictorFile.CurrentSchema, "once-for-all, MobileNetV3 of width 1.2",
            [
                .. blocks.Select(block => new PredictorInput($"{block}.kernel", [3, 5, 7])),
                .. blocks.Select(block => new PredictorInput($"{block}.expansion", [3, 4, 6])),
                new PredictorInput("resolution", [.. Enumerable.Range(0, 8).Select(i => 112 + (16 * i))]),
            ],
            [.. layers.Select((layer, index) => Layer(layer!, index == layers.Count - 1 ? Percent : 1))]));
    }

    private static PredictorLayer Layer(JsonNode layer, double scale)
    {
        double[] Numbers(string key) => [.. layer[key]!.AsArray().Select(number => scale * number!.GetValue<double>())];
        return new PredictorLayer(
            [.. Numbers("weight").Chunk(layer["in"]!.GetValue<int>()).Select(row => row.ToImmutableArray())],
            [.. Numbers("bias")]);
    }
}
