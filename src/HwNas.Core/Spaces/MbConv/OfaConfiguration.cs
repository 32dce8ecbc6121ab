using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HwNas.Core.Spaces.MbConv;

/// <summary>
/// The configuration of a sub-network as once-for-all writes it (Cai et al. 2020):
/// <c>{"ks":[…],"e":[…],"d":[…],"r":[224]}</c>, kernels and expansions of all blocks that the elastic stages can have in
/// one row, <c>r</c> a number or a list of one, <c>wid</c> null.
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
            own["resolution"] = Node(IsListOfOne(resolution) ? resolution[0] : resolution);
        if (List("d", stages.Length, "elastic stage") is { } depths)
            own["depths"] = new JsonArray([.. depths]);
        foreach (var (key, name) in new[] { ("ks", "kernels"), ("e", "expansions") })
        {
            if (List(key, stages.Sum(stage => stage.Depths[^1]), "block that elastic stages can have") is not { } blocks)
                continue;
            var row = new Queue<JsonNode?>(blocks);
            own[name] = new JsonArray([.. stages.Select(stage => new JsonArray([.. Row(row, stage.Depths[^1])]))]);
        }

        return problems.Count == 0
            ? JsonSerializer.SerializeToElement(own)
            : throw new InputException(
                $"{origin}: no configuration of once-for-all for the space '{space.Name}': {string.Join("; ", problems)}.");

        IEnumerable<JsonNode?>? List(string key, int count, string what)
        {
            if (!values.TryGetValue(key, out var list))
                problems.Add($"{key} is missing");
            else if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() != count)
                problems.Add($"{key}: a list of {count} is needed, one for each {what}");
            else
                return list.EnumerateArray().Select(Node);
            return null;
        }
    }

    private static bool IsListOfOne(JsonElement json) => json.ValueKind == JsonValueKind.Array && json.GetArrayLength() == 1;

    private static IEnumerable<JsonNode?> Row(Queue<JsonNode?> entries, int count) =>
        Enumerable.Range(0, count).Select(_ => entries.Dequeue());

    private static JsonNode? Node(JsonElement json) => JsonNode.Parse(json.GetRawText());
}
