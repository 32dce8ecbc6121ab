using System.Globalization;
using System.Text.Json.Nodes;
using HwNas.Core;
using HwNas.Core.Files;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

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
        var text = StrictJson.ReadText(path);
        var rows = new Dictionary<string, OfaRow>();
        foreach (var row in text.TrimStart().StartsWith('{') ? OfJson(path, text) : OfYaml(path, text))
        {
            if (!rows.TryAdd(row.Key, Row(row)))
                throw Wrong(row, "is there twice");
        }

        return rows.Count > 0 ? rows : throw new InputException($"'{path}' has no rows.");
    }

    private static IEnumerable<TextRow> OfJson(string path, string text)
    {
        foreach (var (key, value) in StrictJson.ParseObject(text, path))
        {
            yield return value is JsonObject fields
                ? new TextRow($"'{path}'", key, [.. fields.Select(field => (field.Key, Text(field.Value)))])
                : throw Single($"'{path}'", key, Text(value));
        }

        static string Text(JsonNode? value) => value is JsonValue ? value.ToString() : "a list or object";
    }

    // By events, not as a tree: nothing is nested, and whatever is, is wrong.
    private static IEnumerable<TextRow> OfYaml(string path, string text)
    {
        var parser = new Parser(new StringReader(text));
        Next<StreamStart>();
        Next<DocumentStart>();
        Next<MappingStart>();
        while (Step() is Scalar key)
        {
            var fields = new List<(string, string)>();
            if (Step() is not MappingStart)
                throw Single(Here(), key.Value, parser.Current is Scalar single ? single.Value : "a list");
            while (Step() is Scalar field)
                fields.Add((field.Value, Next<Scalar>().Value));
            Require<MappingEnd>();
            yield return new TextRow(Here(key), key.Value, fields);
        }

        Require<MappingEnd>();
        Next<DocumentEnd>();
        Next<StreamEnd>();

        T Next<T>()
            where T : ParsingEvent
        {
            Step();
            return Require<T>();
        }

        T Require<T>()
            where T : ParsingEvent => parser.Current as T ?? throw new InputException(
                $"{Here()}: this is no latency table of once-for-all, which maps keys of layers to count, mean and std.");

        ParsingEvent? Step()
        {
            try
            {
                return parser.MoveNext() ? parser.Current : null;
            }
            catch (Exception error) when (error is YamlException or ArgumentException or InvalidOperationException)
            {
                throw new InputException($"{Here()}: this is no YAML: {VisibleText.OneLine(error.Message)}", error);
            }
        }

        string Here(ParsingEvent? at = null) => $"'{path}' line {(at ?? parser.Current)?.Start.Line ?? 1}";
    }

    private static OfaRow Row(TextRow row)
    {
        var values = new Dictionary<string, double>();
        foreach (var (field, text) in row.Fields)
        {
            if (field is not ("count" or "mean" or "std" or "var"))
                throw Wrong(row, $"has '{Brief(field)}'; a row has count, mean and std (or var)");
            if (!values.TryAdd(field, Number(row, field, text)))
                throw Wrong(row, $"has two of '{field}'");
        }

        if (!values.TryGetValue("mean", out var mean))
            throw Wrong(row, "has no mean");
        if (values.ContainsKey("std") && values.ContainsKey("var"))
            throw Wrong(row, "has both std and var; leave one of them out");
        var std = values.TryGetValue("var", out var variance) ? Math.Sqrt(variance) : values.GetValueOrDefault("std");
        return new OfaRow((int)values.GetValueOrDefault("count"), mean, std);
    }

    private static double Number(TextRow row, string field, string text)
    {
        var most = field switch { "count" => int.MaxValue, "var" => MostMs * MostMs, _ => MostMs };
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            && value >= 0
            && value < most
            && (field != "count" || value == Math.Floor(value))
            ? value
            : throw Wrong(
                row,
                $"has '{field}: {Brief(text)}', which is no {(field == "count" ? "whole number" : "number of milliseconds")} "
                + $"from 0 to {most:0}");
    }

    private static string Brief(string text) => VisibleText.OneLine(text.Length > 60 ? text[..60] + "..." : text);

    private static InputException Wrong(TextRow row, string problem) =>
        new($"{row.Place}: the row '{Brief(row.Key)}' {problem}.");

    private static InputException Single(string place, string row, string value) =>
        new($"{place}: the row '{Brief(row)}' is '{Brief(value)}', but needs a mean, such as 'mean: 0.5' under its key.");

    private sealed record TextRow(string Place, string Key, IReadOnlyList<(string Field, string Text)> Fields);
}
