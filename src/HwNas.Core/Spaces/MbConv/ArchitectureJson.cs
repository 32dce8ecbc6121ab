using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using HwNas.Core.Files;

namespace HwNas.Core.Spaces.MbConv;

/// <summary>
/// Architectures as JSON:
/// <c>{"resolution":192,"widths":[stem, stages…, head],"depths":[…],"kernels":[…],"expansions":[…]}</c>, kernels and
/// expansions one number for each stage, or one array with an entry for each block. What the space fixes may be left
/// out: a whole key, or the stages in which nothing is elastic. Also read are <c>{"id":"…"}</c>, a JSON string with the
/// id, the bare id, and once-for-all's configurations (<see cref="OfaConfiguration"/>).
/// </summary>
public static class ArchitectureJson
{
    /// <summary>Reads one architecture of a space.</summary>
    /// <param name="space">The space.</param>
    /// <param name="json">The text of one JSON value, or a bare id.</param>
    /// <param name="origin">Names the text in errors, such as a file and line.</param>
    /// <exception cref="InputException">The text has problems; the message lists all of them.</exception>
    public static Architecture Parse(MbConvSpace space, string json, string origin)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(json);
        if (SearchSpace.IsIdText(json.Trim()))
            return FromId(space, json.Trim(), origin);
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 8 });
            return document.RootElement switch
            {
                { ValueKind: JsonValueKind.String } id => FromId(space, id.GetString()!, origin),
                { ValueKind: JsonValueKind.Object } table when OfaConfiguration.IsOne(table) =>
                    new ArchitectureReader(space).Read(OfaConfiguration.ToOwnForm(space.Definition, table, origin), origin),
                { ValueKind: JsonValueKind.Object } table => new ArchitectureReader(space).Read(table, origin),
                var other => throw new InputException(
                    $"{origin}: a JSON object or an architecture id is needed, not {other.ValueKind}."),
            };
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a string with broken surrogates.
            throw new InputException($"{origin}: not valid JSON: {error.Message}", error);
        }
    }

    /// <summary>
    /// The canonical line: fixed keys and fixed stages left out, kernels and expansions one number for each stage
    /// where the space chooses them so, else one array.
    /// </summary>
    public static string Format(MbConvSpace space, Architecture architecture)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(architecture);
        var definition = space.Definition;
        var stages = definition.Stages.Zip(architecture.Stages)
            .Where(pair => pair.First.IsElastic)
            .Select(pair => pair.Second).ToList();
        var json = new JsonObject { ["resolution"] = architecture.Resolution };
        if (definition.HasElasticWidths)
            json["widths"] = Array([architecture.StemWidth, .. stages.Select(s => s.Width), architecture.HeadWidth]);
        json["depths"] = Array(stages.Select(s => s.Depth));
        json["kernels"] = Blocks(stages.Select(s => s.Kernels));
        json["expansions"] = Blocks(stages.Select(s => s.Expansions));
        return json.ToJsonString(StrictJson.LineOptions);

        JsonArray Blocks(IEnumerable<ImmutableArray<int>> values) =>
            definition.Genes == GeneScope.PerStage ? Array(values.Select(v => v[0])) : [.. values.Select(v => Array(v))];
    }

    internal static Architecture FromId(MbConvSpace space, string id, string origin)
    {
        try
        {
            return space.Decode(space.Encode(Architecture.Parse(id)));
        }
        catch (InputException error)
        {
            throw new InputException($"{origin}: {error.Message}", error);
        }
    }

    private static JsonArray Array(IEnumerable<int> values) => [.. values.Select(v => (JsonNode)v)];
}
