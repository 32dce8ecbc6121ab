using System.Globalization;
using HwNas.Core;
using HwNas.Core.Files;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace HwNas.Cli.Formats;

/// <summary>A row of a table.</summary>
/// <param name="Count">Number of samples; 0 where the table does not say.</param>
/// <param name="MeanMs">Mean time in milliseconds.</param>
/// <param name="StdMs">Standard deviation of a sample in milliseconds; 0 where the table does not say.</param>
internal sealed record OfaRow(int Count, double MeanMs, double StdMs);

/// <summary>
/// A file of a latency table: rows by key, in YAML (once-for-all, ProxylessNAS) or JSON (DynamicOFA). A row has a
/// <c>mean</c>, and may have a <c>count</c> and a <c>std</c>, or its square <c>var</c>.
/// </summary>
internal static class OfaTableFile
{
    private const double MostMs = 1e6;

    /// <summary>Reads a file.</summary>
    /// <exception cref="InputException">It is no such table; the message names the row and what is wrong with it.</exception>
    public static IReadOnlyDictionary<string, OfaRow> Read(string path)
    {
        var rows = new Dictionary<string, OfaRow>();
        foreach (var (key, value) in Root(path))
        {
            if (key is not YamlScalarNode { Value: { Length: > 0 } name })
                throw Wrong(path, key, "a row needs a key such as 'Conv-input:224x224x3-output:112x112x24'");
            rows.Add(name, Row(path, name, value));
        }

        return rows.Count > 0 ? rows : throw new InputException($"'{path}' has no rows.");
    }

    // JSON is YAML, but for tabs that indent it.
    private static YamlMappingNode Root(string path)
    {
        var text = StrictJson.ReadText(path);
        if (text.TrimStart().StartsWith('{'))
            text = StrictJson.ParseObject(text, path).ToJsonString(StrictJson.LineOptions);
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            return stream.Documents is [{ RootNode: YamlMappingNode root }]
                ? root
                : throw new InputException(
                    $"'{path}' is no latency table of once-for-all: it must be one mapping from keys of layers to their times.");
        }
        catch (YamlException error)
        {
            throw new InputException(
                $"'{path}' is no latency table of once-for-all (line {error.Start.Line}): {error.Message}", error);
        }
    }

    private static OfaRow Row(string path, string key, YamlNode node)
    {
        if (node is not YamlMappingNode fields)
        {
            throw Wrong(
                path, node, $"the row '{key}' is '{Brief(node)}', but needs a mean: times stand as 'mean: 0.5' under their key");
        }

        var values = new Dictionary<string, double>();
        foreach (var (name, value) in fields)
        {
            if (name is not YamlScalarNode { Value: "count" or "mean" or "std" or "var" } field)
                throw Wrong(path, name, $"the row '{key}' has '{Brief(name)}'; a row has count, mean and std (or var)");
            values.Add(field.Value, Number(path, key, field.Value, value));
        }

        if (!values.TryGetValue("mean", out var mean))
            throw Wrong(path, node, $"the row '{key}' has no mean");
        if (values.ContainsKey("std") && values.ContainsKey("var"))
            throw Wrong(path, node, $"the row '{key}' has both std and var; leave one of them out");
        return new OfaRow(
            (int)values.GetValueOrDefault("count"), mean,
            values.TryGetValue("var", out var variance) ? Math.Sqrt(variance) : values.GetValueOrDefault("std"));
    }

    private static double Number(string path, string key, string field, YamlNode node)
    {
        var most = field switch { "count" => int.MaxValue, "var" => MostMs * MostMs, _ => MostMs };
        return node is YamlScalarNode { Value: { } text }
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            && value >= 0
            && value < most
            && (field != "count" || value == Math.Floor(value))
            ? value
            : throw Wrong(
                path, node,
                $"the row '{key}' has '{field}: {Brief(node)}', "
                + $"which is no {(field == "count" ? "whole number" : "number of milliseconds")} from 0 to {most:0}");
    }

    private static string Brief(YamlNode node) => node switch
    {
        YamlScalarNode scalar => scalar.Value is { Length: > 60 } text ? text[..60] + "..." : scalar.Value ?? "",
        _ => "a list or mapping",
    };

    private static InputException Wrong(string path, YamlNode node, string problem) =>
        new($"'{path}' line {node.Start.Line}: {problem}.");
}
