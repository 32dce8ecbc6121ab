using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HwNas.Core.Spaces.MbConv;

/// <summary>
/// The configuration of a sub-network as once-for-all writes it (Cai et al. 2020):
/// <c>{"ks":[…],"e":[…],"d":[…],"r":[224]}</c>, kernels and expansions of all blocks that the elastic stages can have in one
/// row, <c>r</c> a number or a list of one, <c>wid</c> null.
/// </summary>
internal static class OfaConfiguration
{
    private static readonly string[] Keys = ["ks", "e", "d", "r", "wid"];

    /// <summary>Whether a JSON object is one: it has a key that no other form has.</summary>
    public static bool IsOne(JsonElement json) => json.EnumerateObject().Any(property => Keys.Contains(property.Name));

    /// <summary>The same network in the form of <see cref="ArchitectureJson"/>.</summary>
    /// <exception cref="InputException">It is no such configuration of the space; the message lists all problems.</exception>
    public static JsonElement ToOwnForm(MbConvDefinition space, JsonElement json, string origin)
    {
        var problems = new List<string>();
        var values = new Dictionary<string, JsonElement>();
        foreach (var property in json.EnumerateObject())
        {
            if (!Keys.Contains(property.Name))
                problems.Add($"unknown key '{property.Name}'; once-for-all's keys are {string.Join(", ", Keys)}");
            else if (!values.TryAdd(property.Name, property.Value))
                problems.Add($"the key '{property.Name}' is given twice");
        }

        if (values.TryGetValue("wid", out var width) && width.ValueKind != JsonValueKind.Null)
            problems.Add("wid: it must be null, for widths are those of the space");
        ImmutableArray<StageDefinition> stages = [.. space.Stages.Where(stage => stage.IsElastic)];
        var own = new JsonObject();
        if (values.TryGetValue("r", out var resolution))
            own["resolution"] = JsonNode.Parse((resolution.ValueKind == JsonValueKind.Array && resolution.GetArrayLength() == 1 ? resolution[0] : resolution).GetRawText());
        if (List("d", stages.Length) is { } depths)
            own["depths"] = new JsonArray([.. depths]);
        foreach (var (key, name) in new[] { ("ks", "kernels"), ("e", "expansions") })
        {
            if (List(key, stages.Sum(stage => stage.Depths[^1])) is not { } blocks)
                continue;
            var row = new Queue<JsonNode?>(blocks);
            own[name] = new JsonArray([.. stages.Select(stage => new JsonArray([.. Enumerable.Range(0, stage.Depths[^1]).Select(_ => row.Dequeue())]))]);
        }

        return problems.Count == 0
            ? JsonSerializer.SerializeToElement(own)
            : throw new InputException($"{origin}: no configuration of once-for-all for the space '{space.Name}': {string.Join("; ", problems)}.");

        IEnumerable<JsonNode?>? List(string key, int count)
        {
            if (!values.TryGetValue(key, out var list))
                problems.Add($"{key} is missing");
            else if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() != count)
                problems.Add($"{key}: a list of {count} is needed{(key == "d" ? ", one for each elastic stage" : ", one for each block that the elastic stages can have")}");
            else
                return list.EnumerateArray().Select(entry => JsonNode.Parse(entry.GetRawText()));
            return null;
        }
    }
}
